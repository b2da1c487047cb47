import { CompactWriter } from '../../../lib/kafka/protocol/compact.ts';

/** The tagged fields of a structure: none. */
export const NO_TAGS: Buffer = Buffer.alloc(1);

/** An array of items that are encoded already. */
export const compactArray = (items: readonly Buffer[]): Buffer => {
  const writer = new CompactWriter();
  return writer.compactArray(items, (item) => writer.bytes(item)).done();
};

export const compactString = (text: string): Buffer => new CompactWriter().compactString(text).done();
