import type { Slice } from '../record.ts';

/** Bytes of records without a key that go to one partition before the next one: Java's default `batch.size`. */
const RUN_BYTES = 16_384;

/** The partition of a key among `count`, chosen as Java's default partitioner does, so that both put a key into the same partition. */
export const partitionOfKey = ({ bytes, start, end }: Slice, count: number): number => (murmur2(bytes, start, end) & 0x7fffffff) % count;

/** Murmur2 as Kafka's Java client computes it (32 bits, seed 0x9747b28c), of `bytes[start, end)`. Returns a signed number. */
export function murmur2(bytes: Uint8Array, start: number, end: number): number {
  const MULTIPLIER = 0x5bd1e995;
  const length = end - start;
  let hash = 0x9747b28c ^ length;
  let at = start;
  for (const last = end - 3; at < last; at += 4) {
    let word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  const left = end - at;
  if (left === 3) hash ^= bytes[at + 2] << 16;
  if (left >= 2) hash ^= bytes[at + 1] << 8;
  if (left >= 1) hash = Math.imul(hash ^ bytes[at], MULTIPLIER);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

const MAX_TOPICS = 10_000;

/**
 * Spreads records without a key evenly over the partitions of their topic: each request starts at the partition after the last one's,
 * and a large request moves on after every 16 KiB, so that batches stay large. The first partition is random, as many processes start
 * at the same time.
 */
export class Spread {
  readonly #turns = new Map<string, number>();

  /** Begins a request over a topic's partitions; returns a function that chooses the partition of a record by its size in bytes. */
  begin(topic: string, partitions: readonly number[]): (bytes: number) => number {
    let turn = -1;
    let run = 0;
    return (bytes) => {
      if (turn < 0 || run + bytes > RUN_BYTES) {
        turn = this.#next(topic);
        run = 0;
      }
      run += bytes;
      return partitions[turn % partitions.length];
    };
  }

  #next(topic: string): number {
    const turn = (this.#turns.get(topic) ?? Math.floor(Math.random() * 0x40000000)) + 1;
    if (this.#turns.size >= MAX_TOPICS) this.#turns.clear();
    this.#turns.set(topic, turn);
    return turn;
  }
}
