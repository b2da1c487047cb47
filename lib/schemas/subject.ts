import { schemaWithoutName } from '../messages/schemas.ts';

/** How the subject of a schema is named after the topic, the type of record that it describes, or both; as the API v3 calls them. */
export const subjectNameStrategies = ['TOPIC_NAME', 'RECORD_NAME', 'TOPIC_RECORD_NAME'] as const;
export type SubjectNameStrategy = (typeof subjectNameStrategies)[number];

/**
 * The subject under which a schema is registered.
 *
 * @param recordName the full name of a record of Avro or a message of Protobuf, the title of a JSON Schema; null when it has none
 * @throws {GatewayError} InvalidRecord when a strategy needs a name that there is not
 */
export function subjectOf(strategy: SubjectNameStrategy, topic: string, side: 'key' | 'value', recordName: string | null): string {
  if (strategy === 'TOPIC_NAME') return `${topic}-${side}`;
  if (recordName === null) {
    throw schemaWithoutName(strategy, side);
  }
  return strategy === 'RECORD_NAME' ? recordName : `${topic}-${recordName}`;
}
