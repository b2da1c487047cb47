import type { GatewayError } from '../errors.ts';
import type { Slice } from '../kafka/record.ts';
import type { ShownFormats } from '../records/responses/write-record.ts';
import type { TailPage } from './tail.ts';

/** How a stream shows records. */
export interface Shown {
  formats: ShownFormats;
  /** Returns the part of a value that is shown. */
  shown: (value: Slice | null) => Slice | null;
}

/** Encodes the events of a stream. A cursor covers everything before it. */
export interface StreamEncoder {
  /** The beginning of a stream. */
  open(cursor: string): string;
  /** The records and gaps of a page; empty for a page without any. */
  page(page: TailPage, cursor: string): Buffer;
  /** A sign that the stream is still alive. */
  idle(cursor: string): string;
  /** The end of a stream that has more to come: the client reconnects with the cursor. */
  goAway(cursor: string): string;
  /** The end of a stream that is complete. */
  end(cursor: string): string;
  /** The error that ends the stream. */
  error(error: GatewayError, cursor: string): string;
}
