import { fragment } from '../../json/json-writer.ts';
import type { PageLayout } from './render-page.ts';
import { type ShownFormats, writeRecord, writeTooLarge } from './write-record.ts';

const openBracket = fragment('[');

/** Ends a page of {@link consumedRecords}. */
export const closeRecords = fragment(']');

/** An array of records of many partitions, each as `renderRecords` writes it. {@link closeRecords} must follow the last one. */
export const consumedRecords = (formats: ShownFormats): PageLayout => ({
  growth: 2,
  open: (out) => out.put(openBracket),
  items({ topic, partition }, strict) {
    const place = `{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":`;
    const first = fragment(place);
    const next = fragment(`,${place}`);
    return (out, record, isFirst, withContent) => {
      out.put(isFirst ? first : next);
      out.integer(record.offset);
      if (withContent) writeRecord(out, formats, record, record.value, strict);
      else writeTooLarge(out, record);
    };
  },
});
