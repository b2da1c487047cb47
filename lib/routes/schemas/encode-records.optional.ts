import { isUnrestricted } from '../../admission/grants.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { keySchemaMissing, schemaChoiceInvalid, tooManySchemas, valueSchemaMissing } from '../../messages/schemas.ts';
import { quote } from '../../quote.ts';
import { isSchemaFormat } from '../../records/formats/schema-formats.ts';
import type { ProduceBody } from '../../records/requests/produce-body.ts';
import type { SchemaIds } from '../../records/responses/produce-response.ts';
import { encodeFields } from '../../schemas/encode-fields.ts';
import { readSchemaChoice } from '../../schemas/schema-choice.ts';
import type { ChosenSchema } from '../../schemas/schema-codecs.ts';
import type { Preparation } from '../produce/pipeline.ts';
import { MOST_SCHEMAS, schemaCodecs, within } from './codecs.ts';

/**
 * Encodes keys and values that have schemas, in place.
 *
 * @param inHeaders whether headers of the records name the schemas
 * @returns the ids of the schemas
 * @throws {GatewayError} KeySchemaMissing, ValueSchemaMissing, and what is wrong with a schema, a record or the registry
 */
export async function encodeRecords(
  request: GatewayRequest,
  body: ProduceBody,
  preparation: Preparation,
  inHeaders: boolean,
): Promise<SchemaIds> {
  const key = await encodeSide(request, body, 'key', preparation, inHeaders);
  const value = await encodeSide(request, body, 'value', preparation, inHeaders);
  return { key, value };
}

async function encodeSide(
  request: GatewayRequest,
  { records, formats, schemas, areJson = false }: ProduceBody,
  side: 'key' | 'value',
  { deadline, mayWrite }: Preparation,
  inHeaders: boolean,
): Promise<number | null> {
  const { name: format } = formats[side];
  const choice = readSchemaChoice(schemas, side);
  const isOpen = !isSchemaFormat(format);
  if (isOpen && choice === null) return null;
  if (isOpen && choice?.text != null) throw schemaChoiceInvalid(`${side}_schema`, `registered before, and named by ${side}_schema_id`);
  if (choice === null) {
    if (records.every((record) => record[side] === null)) return null;
    throw side === 'key' ? keySchemaMissing() : valueSchemaMissing();
  }
  const mayRegisterAnywhere = isUnrestricted(request);
  const chosen = new Map<string, ChosenSchema>();
  // Records of other topics are refused; nothing is registered for them.
  const topics = [...new Set(records.map((record) => record.topic))].filter(mayWrite);
  // Each topic has its own subject, which may need a call to the registry, or a registration.
  if (choice.id === null && topics.length > MOST_SCHEMAS) throw tooManySchemas(`The topic ${quote(topics[MOST_SCHEMAS])}`, MOST_SCHEMAS);
  for (const topic of topics) {
    chosen.set(
      topic,
      await within(
        deadline,
        schemaCodecs().choose(choice, { topic, side, format: isOpen ? null : format, mayRegisterAnywhere, inHeaders }),
      ),
    );
  }
  encodeFields(records, side, (topic) => chosen.get(topic), isOpen && !areJson);
  const ids = new Set([...chosen.values()].map(({ id }) => id));
  const [id] = ids;
  return ids.size === 1 ? id : null;
}
