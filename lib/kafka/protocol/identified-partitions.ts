import { readCompactArray, readCompactStructures } from './compact.ts';
import { readUuid } from './uuid.ts';
import type { Reader } from './wire.ts';

/** Partitions of a topic by its id, in 32 hexadecimal digits: a topic that is deleted and recreated has another. */
export interface IdentifiedPartitions {
  readonly topicId: string;
  readonly partitions: readonly number[];
}

export const readIdentifiedPartitions = (reader: Reader): IdentifiedPartitions[] =>
  readCompactStructures(reader, () => ({
    topicId: readUuid(reader),
    partitions: readCompactArray(reader, () => reader.int32()),
  }));
