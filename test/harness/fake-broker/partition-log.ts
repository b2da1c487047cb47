import { readInt64 } from '../../../lib/kafka/protocol/wire.ts';
import * as layout from '../../../lib/kafka/record-batch/layout.ts';

const OUT_OF_ORDER = 45;
const OLD_EPOCH = 47;
const REMEMBERED = 5;
const SEQUENCES = 2 ** 31;

interface Producer {
  epoch: number;
  /** The sequence number that the next batch must begin with. */
  next: number;
  /** The last batches: first and last sequence number, and offset. */
  batches: { first: number; last: number; offset: number }[];
}

/** A broker's log of a partition and its producer state: it drops duplicates, and refuses gaps and old epochs. */
export class PartitionLog {
  /** Batches in the order of their writes. */
  readonly batches: { offset: number; batch: Buffer }[] = [];
  readonly #producers = new Map<bigint, Producer>();
  #end = 0;

  /** The response to a batch: Kafka's error code, and the batch's offset; for a duplicate also the largest time in the batch. */
  append(batch: Buffer): { error: number; baseOffset: number; appendTime?: number } {
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
        if (copy !== undefined) return { error: 0, baseOffset: copy.offset, appendTime: readInt64(batch, layout.MAX_TIMESTAMP) };
        if (first !== producer.next) return { error: OUT_OF_ORDER, baseOffset: -1 };
      } else if (first !== 0) return { error: OUT_OF_ORDER, baseOffset: -1 };
    }
    const offset = this.#write(batch, count);
    const known = producer?.epoch === epoch ? producer.batches : [];
    this.#producers.set(id, { epoch, next: (last + 1) % SEQUENCES, batches: [...known, { first, last, offset }].slice(-REMEMBERED) });
    return { error: 0, baseOffset: offset };
  }

  /** Moves the state of every producer out of step with what that has sent. */
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
