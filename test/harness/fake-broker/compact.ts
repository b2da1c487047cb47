import { CompactWriter } from '../../../lib/kafka/protocol/compact.ts';

/** The tagged fields of a structure that has none. */
export const NO_TAGS: Buffer = Buffer.alloc(1);

/** An array of encoded items. */
export const compactArray = (items: readonly Buffer[]): Buffer => {
  const writer = new CompactWriter();
  return writer.compactArray(items, (item) => writer.bytes(item)).done();
};

export const compactString = (text: string): Buffer => new CompactWriter().compactString(text).done();
