import { isUnrestricted } from '../../admission/grants.ts';
import { GatewayError } from '../../errors.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { renamed } from '../../messages/message.ts';
import { tooManySchemas } from '../../messages/schemas.ts';
import type { BatchEntry, TypedRecord } from '../../records/v3/record.ts';
import { type SchemaData, schemaTypes, typeOf } from '../../records/v3/schema-data.ts';
import { ByteSink } from '../../schemas/byte-sink.ts';
import { encodeField, type Side } from '../../schemas/encode-fields.ts';
import { readChoice } from '../../schemas/schema-choice.ts';
import type { RegisteredSchema, SchemaTarget } from '../../schemas/schema-codecs.ts';
import { MOST_SCHEMAS, schemaCodecs, within } from './codecs.ts';

/**
 * Encodes keys and values that have schemas, in place.
 *
 * @returns the entries, in their order; an error in the place of each entry that cannot be written
 */
export async function encodeEntries(
  request: GatewayRequest,
  entries: readonly BatchEntry[],
  deadline: number,
  inHeaders: boolean,
): Promise<BatchEntry[]> {
  const schemas = new RequestSchemas({ mayRegisterAnywhere: isUnrestricted(request), inHeaders }, deadline);
  const out = new ByteSink();
  const encoded: BatchEntry[] = [];
  for (const entry of entries) encoded.push(entry instanceof GatewayError ? entry : await encodeEntry(entry, schemas, out));
  return encoded;
}

async function encodeEntry(record: TypedRecord, schemas: RequestSchemas, out: ByteSink): Promise<BatchEntry> {
  try {
    await encodeSide(record, 'key', record.keyType, schemas, out);
    await encodeSide(record, 'value', record.valueType, schemas, out);
    return record;
  } catch (error) {
    if (error instanceof GatewayError) return asOfRecord(error);
    throw error;
  }
}

async function encodeSide(
  record: TypedRecord,
  side: Side,
  data: TypedRecord['keyType'],
  schemas: RequestSchemas,
  out: ByteSink,
): Promise<void> {
  if (data === null || typeof data === 'string') return;
  const schema = await schemas.of(data, record.topic, side);
  encodeField(record, side, schema, out, () => `${data.place}.data`, data.areBytes);
  data.written = { type: typeOf(schema.format), subject: schema.subject, id: schema.id, version: schema.version };
}

/** The error of a single record, with v3's codes. */
function asOfRecord(error: GatewayError): GatewayError {
  const { name } = error;
  if (name === 'InvalidRecord') return renamed('BadRequest', error);
  if (name === 'SchemaNotAvailable') return renamed('SchemaUnusable', error);
  return error;
}

/** The schemas of one request; each is looked up once. */
class RequestSchemas {
  readonly #options: Pick<SchemaTarget, 'mayRegisterAnywhere' | 'inHeaders'>;
  readonly #deadline: number;
  readonly #chosen = new Map<string, Promise<RegisteredSchema>>();
  /** Why the registry is unusable now: later lookups fail at once. */
  #fault: GatewayError | null = null;

  constructor(options: Pick<SchemaTarget, 'mayRegisterAnywhere' | 'inHeaders'>, deadline: number) {
    this.#options = options;
    this.#deadline = deadline;
  }

  /** @throws {GatewayError} */
  async of(data: SchemaData, topic: string, side: Side): Promise<RegisteredSchema> {
    const key = JSON.stringify([side, data.type, [...data.members].map(([place, value]) => [nameIn(place), value])]);
    const known = this.#chosen.get(key);
    if (known !== undefined) return known;
    if (this.#fault !== null) throw this.#fault;
    if (this.#chosen.size === MOST_SCHEMAS) {
      throw tooManySchemas(data.place, MOST_SCHEMAS);
    }
    const chosen = this.#choose(data, topic, side);
    this.#chosen.set(key, chosen);
    return chosen;
  }

  async #choose({ type, place, members }: SchemaData, topic: string, side: Side): Promise<RegisteredSchema> {
    const choice = readChoice(members, `${place}.`);
    const format = type === null ? null : schemaTypes[type];
    const target = { topic, side, format, ...this.#options };
    try {
      return await within(this.#deadline, schemaCodecs().chooseOfSubject(choice, target));
    } catch (error) {
      if (error instanceof GatewayError && error.status >= 500) this.#fault = error;
      throw error;
    }
  }
}

const nameIn = (place: string): string => place.slice(place.lastIndexOf('.') + 1);
