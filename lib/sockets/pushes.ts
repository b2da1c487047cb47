import { isUtf8 } from 'node:buffer';
import type { Slice, StoredRecord } from '../kafka/record.ts';
import { recordTooLargeForSocket } from '../messages/pubsub.ts';
import type { Form } from '../pubsub/form.ts';
import type { Push, PushedGap, PushedRecord } from '../pubsub/messages.ts';
import { type Position, writeCursor } from '../records/responses/cursor.ts';
import type { SocketSubscription } from './socket-subscription.ts';

/** One page of records, as far as pushes need it. */
export interface PushablePage {
  readonly readings: readonly (Position & { readonly records: readonly StoredRecord[] })[];
  readonly gaps: readonly PushedGap[];
  /** The position at which each reading began. */
  readonly begin: readonly Position[];
  readonly next: readonly Position[];
}

type Told = Omit<Push, 'credit'>;

/** API Gateway accepts messages of at most 128 KB, and splits them into frames itself. */
export const MAX_MESSAGE_BYTES = 128_000;
/** The most that a push takes besides its records and gaps; a cursor has up to 8000 characters. */
const FRAME = 8500;
const GAPS_AT_A_TIME = 100;

/** The room for records in a push, in the unit of the form. */
export const roomForRecords = (form: Form): number => form.roomIn(MAX_MESSAGE_BYTES) - FRAME;

/** Splits a page into pushes: each fits into a message, and has no more records than there is credit. */
export class PageInPushes {
  readonly #page: PushablePage;
  readonly #form: Form;
  readonly #show: Pick<SocketSubscription, 'keyAsText' | 'valueAsText'>;
  #gaps: readonly PushedGap[];
  /** The current reading, and how many of its records were taken. */
  #at = 0;
  #taken = 0;

  constructor(page: PushablePage, form: Form, show: Pick<SocketSubscription, 'keyAsText' | 'valueAsText'>) {
    this.#page = page;
    this.#form = form;
    this.#show = show;
    this.#gaps = page.gaps;
    this.#skipEmpty();
  }

  get isOver(): boolean {
    return this.#gaps.length === 0 && this.#at >= this.#page.readings.length;
  }

  /** True when the next push needs credit. */
  get needsCredit(): boolean {
    return this.#gaps.length === 0 && !this.isOver;
  }

  /** The next push, with at most this many records. */
  next(most: number): Told {
    if (this.#gaps.length > 0) {
      const gaps = this.#gaps.slice(0, GAPS_AT_A_TIME);
      this.#gaps = this.#gaps.slice(GAPS_AT_A_TIME);
      return { records: [], gaps, cursor: this.#cursor() };
    }
    const records: PushedRecord[] = [];
    let left = roomForRecords(this.#form);
    while (!this.isOver && records.length < most) {
      const record = this.#shown();
      left -= this.#form.sizeOfPushed(record);
      if (left < 0 && records.length > 0) break;
      records.push(record);
      this.#taken++;
      this.#skipEmpty();
    }
    return { records, gaps: [], cursor: this.#cursor() };
  }

  #skipEmpty(): void {
    const { readings } = this.#page;
    while (this.#at < readings.length && this.#taken >= readings[this.#at].records.length) {
      this.#at++;
      this.#taken = 0;
    }
  }

  /** The next record; without its content if it does not fit into any message. */
  #shown(): PushedRecord {
    const { topic, partition, records } = this.#page.readings[this.#at];
    const { offset, timestamp, key, value, headers, tooLarge } = records[this.#taken];
    const place = { topic, partition, offset, timestamp };
    const { keyAsText, valueAsText } = this.#show;
    if (tooLarge === undefined) {
      const whole = { ...place, key: textIf(keyAsText, key), value: textIf(valueAsText, value), headers, tooLarge: '' };
      if (this.#form.sizeOfPushed(whole) <= roomForRecords(this.#form)) return whole;
    }
    return { ...place, key: null, value: null, headers: null, tooLarge: recordTooLargeForSocket(topic, partition, offset).message };
  }

  #cursor(): string {
    const { readings, begin, next } = this.#page;
    if (this.#at >= readings.length) return writeCursor(next);
    return writeCursor(
      readings.map(({ topic, partition, offset, records, incarnation }, i) => {
        if (i > this.#at || (i === this.#at && this.#taken === 0)) return begin[i];
        return { topic, partition, incarnation, offset: i < this.#at ? offset : records[this.#taken - 1].offset + 1 };
      }),
    );
  }
}

function textIf(isText: boolean, content: Slice | null): Slice | string | null {
  if (!isText || content === null) return content;
  const bytes = content.bytes.subarray(content.start, content.end);
  return isUtf8(bytes) ? bytes.toString() : content;
}
