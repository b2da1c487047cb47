import type { CompressionName } from '../../lib/kafka/compression/names.ts';
import type { Format } from './readings.ts';

/**
 * What a side can be asked to do: write readings to a topic; read 1 MiB of them, unless something else is said, from the beginning, of
 * partition 0 or of all; receive so many from a queue that is the task's alone, and acknowledge them; or poll about so many as a consumer
 * that is the task's alone, and commit them where that is asked for.
 */
export type Task =
  | { kind: 'produce'; topic: string; format: Format; count: number; compression?: CompressionName }
  | { kind: 'page'; topic: string; partitions: number; format: 'json' | 'binary' }
  | { kind: 'queue'; topic: string; count: number }
  | { kind: 'poll'; topic: string; bytes: number; commits: boolean }
  | { kind: 'fetch'; topic: string; format: 'json' | 'binary'; bytes?: number };

/** Of what a fetch asks for. */
export const FETCH_BYTES = 1024 * 1024;

/** Makes ready what a task needs, and returns what does it once; of a fetch, that resolves to the response's text. */
export type Prepare = (task: Task) => () => Promise<unknown>;
