import { schemaWithoutName } from '../messages/schemas.ts';

/** How a schema's subject is named: after the topic, the record type, or both. The names are those of the API v3. */
export const subjectNameStrategies = ['TOPIC_NAME', 'RECORD_NAME', 'TOPIC_RECORD_NAME'] as const;
export type SubjectNameStrategy = (typeof subjectNameStrategies)[number];

/**
 * The subject of a schema.
 *
 * @param recordName the full name of an Avro record or a Protobuf message, the title of a JSON Schema; null without one
 * @throws {GatewayError} InvalidRecord when the strategy needs a record name and there is none
 */
export function subjectOf(strategy: SubjectNameStrategy, topic: string, side: 'key' | 'value', recordName: string | null): string {
  if (strategy === 'TOPIC_NAME') return `${topic}-${side}`;
  if (recordName === null) {
    throw schemaWithoutName(strategy, side);
  }
  return strategy === 'RECORD_NAME' ? recordName : `${topic}-${recordName}`;
}

/** The context in a subject, as in `:.context:subject`, empty without one: each context of a registry has ids of its own. */
export const contextIn = (subject: string): string => /^:\.[^:]*:/.exec(subject)?.[0] ?? '';
