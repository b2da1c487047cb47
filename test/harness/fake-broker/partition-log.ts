import * as layout from '../../../lib/kafka/record-batch/layout.ts';

const OUT_OF_ORDER = 45;
const OLD_EPOCH = 47;
const REMEMBERED = 5;
const SEQUENCES = 2 ** 31;

interface Producer {
  epoch: number;
  /** The sequence that the next batch must begin with. */
  next: number;
  /** The last batches: first and last sequence, and where they lie. */
  batches: { first: number; last: number; offset: number }[];
}

/** What a broker writes of a partition, and what it remembers of producers: it drops copies, and refuses gaps and old epochs. */
export class PartitionLog {
  /** Batches in the order in which they were written. */
  readonly batches: { offset: number; batch: Buffer }[] = [];
  readonly #producers = new Map<bigint, Producer>();
  #end = 0;

  /** The answer to a batch: Kafka's error code, and where it lies. */
  append(batch: Buffer): { error: number; baseOffset: number } {
    const id = batch.readBigInt64BE(layout.PRODUCER_ID);
    const epoch = batch.readInt16BE(layout.PRODUCER_EPOCH);
    const first = batch.readInt32BE(layout.BASE_SEQUENCE);
    const count = batch.readInt32BE(layout.RECORD_COUNT);
    if (id < 0n) return { error: 0, baseOffset: this.#write(batch, count) };
    const last = (first + count - 1) % SEQUENCES;
    const producer = this.#producers.get(id);
    if (producer !== undefined) {
      if (epoch < producer.epoch) return { error: OLD_EPOCH, baseOffset: -1 };
      if (epoch === producer.epoch) {
        const copy = producer.batches.find((known) => known.first === first && known.last === last);
        if (copy !== undefined) return { error: 0, baseOffset: copy.offset };
        if (first !== producer.next) return { error: OUT_OF_ORDER, baseOffset: -1 };
      } else if (first !== 0) return { error: OUT_OF_ORDER, baseOffset: -1 };
    }
    const offset = this.#write(batch, count);
    const known = producer?.epoch === epoch ? producer.batches : [];
    this.#producers.set(id, { epoch, next: (last + 1) % SEQUENCES, batches: [...known, { first, last, offset }].slice(-REMEMBERED) });
    return { error: 0, baseOffset: offset };
  }

  /** Puts what it remembers of every producer out of step with what that has sent. */
  advance(by: number): void {
    for (const producer of this.#producers.values()) producer.next += by;
  }

  #write(batch: Buffer, count: number): number {
    const offset = this.#end;
    this.#end += count;
    this.batches.push({ offset, batch: Buffer.from(batch) });
    return offset;
  }
}
