import type { CompressionName } from '../../lib/kafka/compression/names.ts';
import type { Format } from './readings.ts';

/** What a side can be asked to do: write readings to a topic, or read 1 MiB of them from the beginning, of partition 0 or of all. */
export type Task =
  | { kind: 'produce'; topic: string; format: Format; count: number; compression?: CompressionName }
  | { kind: 'page'; topic: string; partitions: number; format: 'json' | 'binary' }
  | { kind: 'fetch'; topic: string; format: 'json' | 'binary' };

/** Of what a fetch asks for. */
export const FETCH_BYTES = 1024 * 1024;

/** Makes ready what a task needs, and returns what does it once; of a fetch, that resolves to the response's text. */
export type Prepare = (task: Task) => () => Promise<unknown>;
