import { integerOf, integerWithin } from '../integer.ts';
import { MAX_INT32 } from '../limits-of-protocol.ts';
import { schemaChoiceInvalid, schemaChosenTwice, schemaTooLong } from '../messages/schemas.ts';
import { isPlainObject } from './misfit.ts';
import type { Reference } from './registry/schema-registry.ts';
import { type SubjectNameStrategy, subjectNameStrategies } from './subject.ts';

/** The schema that a request names for its keys or values. At most one of `id`, `version` and `text` is given. */
export interface SchemaChoice {
  id: number | null;
  version: number | 'latest' | null;
  text: string | null;
  references: Reference[];
  /** Null when the strategy determines it. */
  subject: string | null;
  strategy: SubjectNameStrategy;
  /** For Protobuf, the message in the schema; null for the first. */
  message: string | null;
}

/** The registry stores a schema in a Kafka record, whose size is limited to about this. */
const MAX_SCHEMA = 1024 * 1024;

/**
 * Reads the members of a request that name a schema: `value_schema`, `value_schema_id`, `value_schema_version` (a number or `latest`),
 * `value_subject`, `value_subject_name_strategy`, `value_schema_references`, `value_message`; the same for keys. A subject alone means its
 * latest version.
 *
 * @returns null when none of them names a schema
 * @throws {GatewayError} InvalidRecord with the member
 */
export function readSchemaChoice(members: ReadonlyMap<string, unknown>, side: 'key' | 'value'): SchemaChoice | null {
  const choice = readChoice(members, `${side}_`);
  const isOne = naming.some((member) => members.has(`${side}_${member}`));
  return isOne ? choice : null;
}

/** The members that name a schema. */
const naming = ['schema', 'schema_id', 'schema_version', 'subject'];

/**
 * Reads the same members under other names. Without one that names a schema, it is the latest version of the subject.
 *
 * @param prefix of all names of the members
 * @throws {GatewayError} InvalidRecord with the member
 */
export function readChoice(members: ReadonlyMap<string, unknown>, prefix: string): SchemaChoice {
  const reader = new MemberReader(members, prefix);
  const choice: SchemaChoice = {
    id: reader.integer('schema_id', 0),
    version: members.get(`${prefix}schema_version`) === 'latest' ? 'latest' : reader.integer('schema_version', 1),
    text: reader.schema('schema'),
    references: reader.references('schema_references'),
    subject: reader.text('subject'),
    strategy: reader.strategy('subject_name_strategy'),
    message: reader.text('message'),
  };
  const given = [choice.id, choice.version, choice.text].filter((one) => one !== null).length;
  if (given > 1) throw schemaChosenTwice(prefix);
  return given === 0 ? { ...choice, version: 'latest' } : choice;
}

class MemberReader {
  readonly #members: ReadonlyMap<string, unknown>;
  readonly #prefix: string;

  constructor(members: ReadonlyMap<string, unknown>, prefix: string) {
    this.#members = members;
    this.#prefix = prefix;
  }

  #get(member: string): { name: string; value: unknown } {
    const name = `${this.#prefix}${member}`;
    return { name, value: this.#members.get(name) ?? null };
  }

  integer(member: string, min: number): number | null {
    const { name, value } = this.#get(member);
    const integer = integerWithin(value, min, MAX_INT32);
    if (value === null || integer !== null) return integer;
    throw schemaChoiceInvalid(name, `an integer from ${min} to ${MAX_INT32}${member === 'schema_version' ? ', or "latest"' : ''}`);
  }

  text(member: string): string | null {
    const { name, value } = this.#get(member);
    if (value === null || (typeof value === 'string' && value !== '')) return value;
    throw schemaChoiceInvalid(name, 'a string that is not empty');
  }

  /** A string, as in Confluent's API, or the JSON itself. */
  schema(member: string): string | null {
    const { name, value } = this.#get(member);
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : this.text(member);
    if (text !== null && text.length > MAX_SCHEMA) throw schemaTooLong(name, MAX_SCHEMA);
    return text;
  }

  strategy(member: string): SubjectNameStrategy {
    const { name, value } = this.#get(member);
    const strategy = value === null ? 'TOPIC_NAME' : subjectNameStrategies.find((one) => one === value);
    if (strategy !== undefined) return strategy;
    throw schemaChoiceInvalid(name, `one of ${subjectNameStrategies.join(', ')}`);
  }

  references(member: string): Reference[] {
    const { name, value } = this.#get(member);
    if (value !== null && !Array.isArray(value)) throw schemaChoiceInvalid(name, 'an array of {"name", "subject", "version"}');
    return (value ?? []).map((reference: unknown, i) => {
      const { name: called, subject, version: given } = isPlainObject(reference) ? reference : {};
      const version = integerOf(given);
      if (typeof called === 'string' && typeof subject === 'string' && version !== null) return { name: called, subject, version };
      throw schemaChoiceInvalid(`${name}[${i}]`, '{"name": string, "subject": string, "version": integer}');
    });
  }
}
