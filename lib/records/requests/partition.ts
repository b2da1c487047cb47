import { integerWithin } from '../../integer.ts';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';

/** As in Kafka's clients: the key decides the partition, or any partition will do. */
export const ANY_PARTITION = -1;

/** Reads a partition number, or -1 for any partition; null for anything else. */
export function readPartition(text: string): number | null {
  return integerWithin(text, ANY_PARTITION, MAX_PARTITION);
}
