import { printable, quote } from '../quote.ts';
import { message } from './message.ts';

/** Messages on schemas, the data that they describe, and the registry that keeps them. */

const OPERATOR = 'ask the operator of the gateway';

export const registryRefuses = /* @__PURE__ */ message('RegistryAuthentication', 'The schema registry refuses the gateway', OPERATOR);
export const registryUnavailable = /* @__PURE__ */ message(
  'RegistryUnavailable',
  'The schema registry is not available. Nothing was done',
  'try again',
);
export const registrySilent = /* @__PURE__ */ message(
  'RegistryUnavailable',
  'The schema registry did not answer in time. Nothing was done',
  'try again',
);
export const registryUnexpected = /* @__PURE__ */ message(
  'RegistryUnavailable',
  'The schema registry does not answer as it should',
  'try again',
);
export const schemaNotFound = /* @__PURE__ */ message(
  'SchemaNotAvailable',
  (what: string) => `The schema registry has no ${what}`,
  'register it first, or name another one',
);
export const schemaForbidden = /* @__PURE__ */ message(
  'SchemaNotAvailable',
  (what: string) => `The schema registry does not let the gateway use ${what}`,
  'name another one, or ask the operator of the gateway',
);
export const schemaIncompatible = /* @__PURE__ */ message(
  'SchemaNotAvailable',
  (said: string) => `The schema is not compatible with earlier ones of its subject${said}`,
);
export const registryAnswered = /* @__PURE__ */ message(
  'SchemaNotAvailable',
  (status: number, said: string) => `The schema registry answered ${status}${said}`,
);
/** Begins as Confluent's does. */
export const schemaInvalid = /* @__PURE__ */ message('InvalidSchema', (why: string) => `Invalid schema: ${why}`);
export const schemaOfOtherFormat = /* @__PURE__ */ message(
  'InvalidSchema',
  (side: string, found: string, wanted: string) => `Invalid schema: the schema of the ${side} is ${found}, and the request is ${wanted}`,
);

export const schemaChoiceInvalid = /* @__PURE__ */ message('InvalidRecord', (member: string, must: string) => `${member} must be ${must}`);
export const nameNotInAddress = /* @__PURE__ */ message(
  'InvalidRecord',
  (name: string, most: number) =>
    `The schema registry can have no subject ${quote(name)}: it has 1 to ${most} characters of Unicode, and is neither . nor ..`,
  'name another one',
);
export const schemaChosenTwice = /* @__PURE__ */ message(
  'InvalidRecord',
  (prefix: string) => `More than one of ${prefix}schema, ${prefix}schema_id and ${prefix}schema_version is given`,
  'give one of them',
);
export const schemaTooLong = /* @__PURE__ */ message(
  'InvalidRecord',
  (member: string, most: number) => `${member} is larger than ${most} characters`,
  'register the schema, and give its id',
);
export const schemaWithoutType = /* @__PURE__ */ message(
  'InvalidRecord',
  (side: string) => `The schema of the ${side} has no type beside it`,
  'give its type',
);
export const schemaWithoutGuid = /* @__PURE__ */ message(
  'SchemaNotAvailable',
  (id: number) => `The schema registry gives no GUID for schema ${id}, by which a header could name it`,
  'leave out schema-ids=headers',
);
export const schemaHeaderNotUsed = /* @__PURE__ */ message(
  'BadRequest',
  (header: string) => `The header ${header} needs a schema registry, and the gateway has none`,
  'leave it out',
);
export const schemaWithoutName = /* @__PURE__ */ message(
  'InvalidRecord',
  (strategy: string, side: string) => `The subject name strategy ${strategy} of the ${side} needs a schema with a name`,
  'give the subject',
);
export const messageOfNoProtobuf = /* @__PURE__ */ message(
  'InvalidRecord',
  (name: string, format: string) => `The message ${quote(name)} can be chosen from a Protobuf schema only, and this one is ${format}`,
  'leave it out',
);
export const dataMisfit = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: string, path: string, why: string) => `${place}${printable(`${path} ${why}`)}`,
);

/** These two begin as Confluent's do. */
export const keySchemaMissing = /* @__PURE__ */ message(
  'KeySchemaMissing',
  'Request includes keys but does not include key schema',
  'give key_schema or key_schema_id',
);
export const valueSchemaMissing = /* @__PURE__ */ message(
  'ValueSchemaMissing',
  'Request includes values but does not include value schema',
  'give value_schema or value_schema_id',
);
export const tooManySchemas = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: string, most: number) => `${place} has one of more than ${most} schemas in this request`,
  'send fewer',
);
