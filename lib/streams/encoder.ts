import type { GatewayError } from '../errors.ts';
import type { Slice } from '../kafka/record.ts';
import type { ShownFormats } from '../records/responses/write-record.ts';
import type { TailPage } from './tail.ts';

/** How records are shown. */
export interface Shown {
  formats: ShownFormats;
  /** The part of a value that is shown. */
  shown: (value: Slice | null) => Slice | null;
}

/** Writes what happens in a stream. A cursor is that of everything up to there. */
export interface StreamEncoder {
  /** What a stream begins with. */
  open(cursor: string): string;
  /** The records and gaps of a page; empty where it has none. */
  page(page: TailPage, cursor: string): Buffer;
  /** Says that the stream is still there. */
  idle(cursor: string): string;
  /** Says that the stream ends here although there may be more: whoever wants it comes back with the cursor. */
  goAway(cursor: string): string;
  /** Says that there is nothing more of what was asked for. */
  end(cursor: string): string;
  /** Says what ends the stream. */
  error(error: GatewayError, cursor: string): string;
}
