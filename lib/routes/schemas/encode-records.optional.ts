import { isUnrestricted, mayOn } from '../../admission/grants.ts';
import { kafkaConfig } from '../../config/kafka.ts';
import { schemaRegistryConfig } from '../../config/schema-registry.ts';
import { expires } from '../../deadline.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { StoredRecord } from '../../kafka/record.ts';
import { keySchemaMissing, registrySilent, valueSchemaMissing } from '../../messages/schemas.ts';
import type { ShownFormat } from '../../records/formats/record-format.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { type AnyFormatName, isSchemaFormat } from '../../records/formats/schema-formats.ts';
import type { ProduceBody } from '../../records/requests/produce-body.ts';
import type { SchemaIds } from '../../records/responses/produce-response.ts';
import { encodeFields } from '../../schemas/encode-fields.ts';
import { RegistryClient } from '../../schemas/registry/client.ts';
import { registryCredentials } from '../../schemas/registry/credential-source.ts';
import { SchemaRegistry } from '../../schemas/registry/schema-registry.ts';
import { readSchemaChoice } from '../../schemas/schema-choice.ts';
import { type ChosenSchema, SchemaCodecs } from '../../schemas/schema-codecs.ts';
import { shownFormat } from '../../schemas/shown-format.ts';

let codecs: SchemaCodecs | undefined;

/** Those of the registry that the gateway is configured with, kept from one request to the next. */
export function schemaCodecs(): SchemaCodecs {
  if (codecs !== undefined) return codecs;
  const registry = schemaRegistryConfig();
  if (registry === null) throw new Error('formats with schemas are served without a registry');
  const { urls, ca, autoRegister, credentials } = registry;
  const client = new RegistryClient({ urls, ca, credentials: registryCredentials(credentials, kafkaConfig().secret) });
  codecs = new SchemaCodecs(new SchemaRegistry(client), autoRegister);
  return codecs;
}

/**
 * Makes the bytes of keys and values that have schemas, in place.
 *
 * @returns the ids of the schemas
 * @throws {GatewayError} KeySchemaMissing, ValueSchemaMissing, and what is wrong with a schema, a record or the registry
 */
export async function encodeRecords(request: GatewayRequest, body: ProduceBody, deadline: number): Promise<SchemaIds> {
  const key = await encodeSide(request, body, 'key', deadline);
  const value = await encodeSide(request, body, 'value', deadline);
  return { key, value };
}

async function encodeSide(
  request: GatewayRequest,
  { records, formats, schemas }: ProduceBody,
  side: 'key' | 'value',
  deadline: number,
): Promise<number | null> {
  const { name: format } = formats[side];
  if (!isSchemaFormat(format)) return null;
  const choice = readSchemaChoice(schemas, side);
  if (choice === null) {
    if (records.every((record) => record[side] === null)) return null;
    throw side === 'key' ? keySchemaMissing() : valueSchemaMissing();
  }
  const mayRegisterAnywhere = isUnrestricted(request);
  const mayProduce = mayOn(request, 'topics');
  const chosen = new Map<string, ChosenSchema>();
  for (const topic of new Set(records.map((record) => record.topic))) {
    // Such records are refused, and register nothing before that.
    if (!mayProduce('produce', topic)) continue;
    chosen.set(topic, await within(deadline, schemaCodecs().choose(choice, { topic, side, format, mayRegisterAnywhere })));
  }
  encodeFields(records, side, (topic) => chosen.get(topic));
  const ids = new Set([...chosen.values()].map(({ id }) => id));
  const [id] = ids;
  return ids.size === 1 ? id : null;
}

/** The formats in which a page of records is shown, when the schemas of its records are known. */
export async function shownFormats(
  page: readonly StoredRecord[],
  formats: { key: AnyFormatName; value: AnyFormatName },
  deadline: number,
): Promise<{ key: ShownFormat; value: ShownFormat }> {
  const [key, value] = await Promise.all(
    (['key', 'value'] as const).map((side) => {
      const slices = page.map((record) => record[side]);
      return shownAs(formats[side], slices, deadline);
    }),
  );
  return { key, value };
}

async function shownAs(name: AnyFormatName, slices: StoredRecord['key'][], deadline: number): Promise<ShownFormat> {
  return isSchemaFormat(name) ? within(deadline, shownFormat(name, slices, schemaCodecs())) : recordFormats[name];
}

/**
 * Waits for the registry no longer than until a deadline: it has time limits of its own, which others who wait for the same answer may
 * have begun.
 *
 * @throws {GatewayError} RegistryUnavailable
 */
export async function within<Value>(deadline: number, promise: Promise<Value>): Promise<Value> {
  if (!(await expires(promise, deadline))) return promise;
  throw registrySilent();
}
