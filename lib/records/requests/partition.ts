import { integerWithin } from '../../integer.ts';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';

/** As in Kafka's clients: the record goes to a partition by its key, or to any. */
export const ANY_PARTITION = -1;

/** Reads the number of a partition, or -1 for any of them; null for what is neither. */
export function readPartition(text: string): number | null {
  return integerWithin(text, ANY_PARTITION, MAX_PARTITION);
}
