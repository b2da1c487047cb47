import type { GatewayError } from '../../errors.ts';
import { integerWithin } from '../../integer.ts';
import { MAX_INT32 } from '../../limits-of-protocol.ts';
import {
  registryAnswered,
  registryUnexpected,
  schemaForbidden,
  schemaIncompatible,
  schemaInvalid,
  schemaNotFound,
} from '../../messages/schemas.ts';
import { printable, quote } from '../../quote.ts';
import type { SchemaFormatName } from '../../records/formats/schema-formats.ts';
import type { NamedSchema } from '../json-schema/codec.ts';
import { isPlainObject } from '../misfit.ts';
import type { SchemaKey } from '../wire-format.ts';
import { BoundedCache } from './bounded-cache.ts';
import type { RegistryAnswer, RegistryClient } from './client.ts';

/** The registry's names of the formats. */
const typeNames = { avro: 'AVRO', jsonschema: 'JSON', protobuf: 'PROTOBUF' } as const;

/** A version of a subject, with the name by which another schema refers to it. */
export interface Reference {
  name: string;
  subject: string;
  version: number;
}

/** A schema without its subject and version. */
export interface SchemaText {
  format: SchemaFormatName;
  schema: string;
  references: readonly Reference[];
}

/** A schema with its GUID, which is the same in every registry; null if the registry has no GUIDs. */
export interface GloballyNamed extends SchemaText {
  guid: string | null;
}

/** A schema with those that it refers to; each comes after those that it refers to itself. */
export interface WholeSchema extends SchemaText {
  referred: readonly NamedSchema[];
}

const MOST_CACHED = 1000;
/** A newer version may replace the latest one. */
const LATEST_MS = 60_000;
/** An unknown id may belong to a schema that is just being registered; a forbidden one may become allowed. */
const UNKNOWN_MS = 10_000;
const MOST_REFERENCES = 200;

const FORBIDDEN = 'forbidden';

const isThere = <Found extends SchemaText>(found: Found | typeof FORBIDDEN | null): found is Found => found !== null && found !== FORBIDDEN;

const sizeOf = (found: SchemaText | typeof FORBIDDEN | null): number => (isThere(found) ? found.schema.length : 0);

/** The schemas of a registry. A schema never changes under its id, so each is fetched once. */
export class SchemaRegistry {
  readonly #client: RegistryClient;
  readonly #byId = new BoundedCache<GloballyNamed | typeof FORBIDDEN | null>(
    MOST_CACHED,
    (found) => (isThere(found) ? Number.POSITIVE_INFINITY : UNKNOWN_MS),
    sizeOf,
  );
  readonly #ids = new BoundedCache<number>(MOST_CACHED);
  readonly #versionNumbers = new BoundedCache<number>(MOST_CACHED);
  readonly #versions = new BoundedCache<SchemaText & { id: number }>(MOST_CACHED, undefined, sizeOf);
  readonly #latest = new BoundedCache<SchemaText & { id: number }>(MOST_CACHED, () => LATEST_MS, sizeOf);

  constructor(client: RegistryClient) {
    this.#client = client;
  }

  /**
   * The schema of an id; null when there is none.
   *
   * @throws {GatewayError} SchemaNotAvailable when the gateway may not read it
   */
  byId(id: number): Promise<GloballyNamed | null> {
    return this.#byKey(id, ['schemas', 'ids', id], isMissing);
  }

  /**
   * The schema of a GUID; null when there is none, or the registry does not support GUIDs.
   *
   * @throws {GatewayError} SchemaNotAvailable when the gateway may not read it
   */
  byGuid(guid: string): Promise<GloballyNamed | null> {
    return this.#byKey(guid, ['schemas', 'guids', guid], ({ status }) => status === 404);
  }

  async #byKey(
    key: SchemaKey,
    path: readonly (string | number)[],
    isUnknown: (answer: RegistryAnswer) => boolean,
  ): Promise<GloballyNamed | null> {
    const found = await this.#byId.get(String(key), async () => {
      const answer = await this.#client.send('GET', path);
      if (isUnknown(answer)) return null;
      if (answer.status === 403) return FORBIDDEN;
      const body = expect(answer, `schema ${key}`);
      return { ...readSchema(body), guid: typeof body.guid === 'string' ? body.guid : null };
    });
    if (found === FORBIDDEN) throw schemaForbidden(`schema ${key}`);
    return found;
  }

  /**
   * A version of a subject.
   *
   * @throws {GatewayError} SchemaNotAvailable when there is none
   */
  async version(subject: string, version: number | 'latest'): Promise<SchemaText & { id: number }> {
    const cache = version === 'latest' ? this.#latest : this.#versions;
    return cache.get(`${version} ${subject}`, async () => {
      const answer = await this.#client.send('GET', ['subjects', subject, 'versions', version]);
      const body = expect(
        answer,
        version === 'latest' ? `subject ${quote(subject)}` : `version ${version} of the subject ${quote(subject)}`,
      );
      return { ...readSchema(body), id: idIn(body) };
    });
  }

  /**
   * The id of a schema under a subject; registers the schema if it is missing and `mayRegister`.
   *
   * @throws {GatewayError} InvalidSchema when the registry finds it invalid; SchemaNotAvailable when it is missing or refused
   */
  async idOf(subject: string, text: SchemaText, mayRegister: boolean): Promise<number> {
    return this.#ids.get(JSON.stringify([subject, text]), async () => {
      const body = bodyOf(text);
      const found = await this.#client.send('POST', ['subjects', subject], body);
      const what = withThisSchema(subject);
      if (!isMissing(found) || !mayRegister) return idIn(expect(found, what));
      return idIn(expect(await this.#client.send('POST', ['subjects', subject, 'versions'], body), what));
    });
  }

  /**
   * The version of a subject that has this schema.
   *
   * @throws {GatewayError} SchemaNotAvailable when there is none
   */
  versionOf(subject: string, text: SchemaText): Promise<number> {
    return this.#versionNumbers.get(JSON.stringify([subject, bodyOf(text)]), async () => {
      const { version } = expect(await this.#client.send('POST', ['subjects', subject], bodyOf(text)), withThisSchema(subject));
      if (typeof version === 'number') return version;
      throw unexpected('an answer without a version');
    });
  }

  /**
   * Fetches what a schema refers to, directly or indirectly.
   *
   * @throws {GatewayError} SchemaNotAvailable, InvalidSchema
   */
  async withReferred(text: SchemaText): Promise<WholeSchema> {
    const referred = new Map<string, string>();
    const add = async (references: readonly Reference[]): Promise<void> => {
      for (const { name, subject, version } of references) {
        if (referred.has(name)) continue;
        if (referred.size === MOST_REFERENCES) throw schemaInvalid(`it refers to more than ${MOST_REFERENCES} others`);
        // Reserve the name first: its references may lead back here.
        referred.set(name, '');
        const found = await this.version(subject, version);
        await add(found.references);
        referred.delete(name);
        referred.set(name, found.schema);
      }
    };
    await add(text.references);
    return { ...text, referred: [...referred].map(([name, schema]) => ({ name, schema })) };
  }
}

const bodyOf = ({ format, schema, references }: SchemaText) => ({
  schema,
  schemaType: typeNames[format],
  ...(references.length > 0 && { references }),
});

const withThisSchema = (subject: string): string => `subject ${quote(subject)} with this schema`;

/**
 * Whether the registry does not have what was asked for. A registry says so with an error code.
 *
 * @throws {GatewayError} RegistryUnavailable when something else does, such as a server that has no registry under this address
 */
function isMissing({ status, body }: RegistryAnswer): boolean {
  if (status !== 404) return false;
  if (typeof body.error_code === 'number') return true;
  throw unexpected('404 without an error code of a schema registry: see SCHEMA_REGISTRY_URL');
}

/** The body of a successful response; throws for any other. */
function expect(answer: RegistryAnswer, what: string): RegistryAnswer['body'] {
  const { status, body } = answer;
  if (status < 300) return body;
  const said = typeof body.message === 'string' ? `: ${printable(body.message)}` : '';
  if (isMissing(answer)) throw schemaNotFound(what);
  if (status === 403) throw schemaForbidden(what);
  if (status === 409) throw schemaIncompatible(said);
  if (status === 422 || status === 400) throw schemaInvalid(`the schema registry refuses it${said}`);
  throw registryAnswered(status, said);
}

function readSchema({ schema, schemaType = 'AVRO', references }: RegistryAnswer['body']): SchemaText {
  const format = (['avro', 'jsonschema', 'protobuf'] as const).find((name) => typeNames[name] === schemaType);
  if (typeof schema !== 'string' || typeof schemaType !== 'string') throw unexpected('an answer without a schema and its type');
  // A registry may support other types. The type of a schema never changes, so a retry is pointless.
  if (format === undefined) throw schemaInvalid(`it is of the type ${quote(schemaType)}, which the gateway does not know`);
  return { format, schema, references: Array.isArray(references) ? references.map(readReference) : [] };
}

function readReference(reference: unknown): Reference {
  const { name, subject, version } = isPlainObject(reference) ? reference : {};
  if (typeof name === 'string' && typeof subject === 'string' && typeof version === 'number') return { name, subject, version };
  throw unexpected('a reference without name, subject and version');
}

/** Records hold 32 bits of the id: a longer one would name another schema. */
function idIn({ id }: RegistryAnswer['body']): number {
  if (typeof id === 'number' && integerWithin(id, 0, MAX_INT32) !== null) return id;
  throw unexpected(`an answer without an id from 0 to ${MAX_INT32}`);
}

const unexpected = (what: string): GatewayError => registryUnexpected.with({ cause: new Error(what) });
