import { fragment } from '../../json/json-writer.ts';
import type { Slice, StoredRecord } from '../../kafka/record.ts';
import { idPrefix } from './cursor.ts';
import type { PageLayout } from './render-page.ts';
import { type ShownFormats, writeRecord, writeTooLarge } from './write-record.ts';

/** What a queue adds to a record. */
export interface Delivery {
  /** How often it was delivered, including now. */
  deliveries: number;
  receipt: string;
}

const openRecords = fragment('{"records":[');
const comma = fragment(',');
const deliveriesName = fragment(',"deliveries":');
const receiptName = fragment(',"receipt":');

/**
 * `{"records":[…],"receipt":…,"locked_until":…}`: records as a fetch shows them, each with its deliveries and a receipt.
 *
 * @param withIds whether each record begins with its id, as in pages of `application/json`
 * @param deliveryOf returns the delivery of a record that is shown
 */
export const queuePage = (
  formats: ShownFormats,
  withIds: boolean,
  deliveryOf: (record: StoredRecord) => Delivery,
  shown: (value: Slice | null) => Slice | null = (value) => value,
): PageLayout => ({
  growth: 2,
  open: (out) => out.put(openRecords),
  items({ topic, partition }, strict) {
    const id = fragment(withIds ? `{"id":"${idPrefix(topic, partition)}` : '{');
    const place = fragment(`${withIds ? '",' : ''}"topic":${JSON.stringify(topic)},"partition":${partition},"offset":`);
    return (out, record, isFirst, withContent) => {
      if (!isFirst) out.put(comma);
      out.put(id);
      if (withIds) out.integer(record.offset);
      out.put(place);
      out.integer(record.offset);
      const { deliveries, receipt } = deliveryOf(record);
      out.put(deliveriesName);
      out.integer(deliveries);
      out.put(receiptName);
      out.string(receipt);
      if (withContent) writeRecord(out, formats, record, shown(record.value), strict);
      else writeTooLarge(out, record);
    };
  },
});

/** Ends a {@link queuePage}. The receipt is null if nothing was received. */
export const queueEnd = (receipt: string | null, lockedUntil: number | null): string =>
  `],"receipt":${JSON.stringify(receipt)},"locked_until":${lockedUntil}}`;
