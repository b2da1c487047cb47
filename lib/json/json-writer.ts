import { isAscii } from 'node:buffer';
import { base64Length, writeBase64 } from './base64.ts';
import { escapedLength } from './escaped-length.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;

/** Copies bytes in words of this size: for less than a few hundred bytes, that is faster than a call into Node. */
const WORD = 8;
const NATIVE_FROM = 256;

const BILLION = 1_000_000_000;
/** Times of one page mostly differ in their last five digits. Those before are one word, until the year 2286. */
const TIME_TAIL = 100_000;
const TIME_TAIL_DIGITS = 5;

/** What follows the backslash for control characters with a letter; zero for the others. */
const letters = new Uint8Array(SPACE);
letters[0x08] = 0x62;
letters[0x09] = 0x74;
letters[0x0a] = 0x6e;
letters[0x0c] = 0x66;
letters[0x0d] = 0x72;

/** A piece of text that is written often; made by {@link fragment}. */
export interface Fragment {
  readonly length: number;
  /** Padded to whole words. */
  readonly words: DataView;
}

export function fragment(text: string): Fragment {
  const length = Buffer.byteLength(text);
  const padded = Buffer.alloc(Math.ceil(length / WORD) * WORD);
  padded.write(text);
  return { length, words: viewOf(padded) };
}

const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView => new DataView(buffer, byteOffset, length);

let shared: Buffer = Buffer.alloc(0);

/**
 * A writer for a text of about this many bytes that is written without interruption. All such writers use one buffer, one after the other:
 * new buffers would make V8 collect its whole heap every few large texts.
 */
export function sharedWriter(length: number): JsonWriter {
  if (shared.length < length + WORD) shared = Buffer.allocUnsafeSlow(length + WORD);
  return new JsonWriter(shared);
}

/** Writes JSON text as UTF-8 into one buffer that grows as needed. The caller writes the punctuation. */
export class JsonWriter {
  bytes: Buffer;
  /** The end of the text so far; may be set back to remove text. */
  at = 0;
  private view: DataView;
  /** The last source of a copy: most fields of a page are in one buffer. */
  private source: Buffer | null = null;
  private sourceView: DataView;
  /** The last time without its tail, and its text. */
  private timeHead = Number.NaN;
  private readonly timeHeadText = new DataView(new ArrayBuffer(WORD));

  /** @param bytes the first buffer; its content is overwritten from the beginning */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.sourceView = this.view;
  }

  /** Makes room, with a spare word, so that fragments can be written in whole words. */
  private reserve(length: number): void {
    if (this.at + length + WORD <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.at + length + WORD, 2 * this.bytes.length));
    this.bytes.copy(larger, 0, 0, this.at);
    if (this.bytes === shared) shared = larger;
    this.bytes = larger;
    this.view = viewOf(larger);
  }

  /** Writes a fragment. */
  put({ length, words }: Fragment): void {
    this.reserve(length);
    const { view, at } = this;
    for (let from = 0; from < length; from += WORD) view.setBigInt64(at + from, words.getBigInt64(from, true), true);
    this.at = at + length;
  }

  /** Writes bytes as they are. */
  copy(source: Buffer, start = 0, end = source.length): void {
    this.reserve(end - start);
    if (end - start >= NATIVE_FROM) {
      this.at += source.copy(this.bytes, this.at, start, end);
      return;
    }
    if (source !== this.source) {
      this.source = source;
      this.sourceView = viewOf(source);
    }
    const { bytes, view, sourceView } = this;
    let { at } = this;
    let from = start;
    for (; from + WORD <= end; from += WORD, at += WORD) view.setBigInt64(at, sourceView.getBigInt64(from, true), true);
    for (; from < end; from++) bytes[at++] = source[from];
    this.at = at;
  }

  /** Writes an integer between -2^53 and 2^53. */
  integer(value: number): void {
    this.reserve(17);
    if (value < 0) this.bytes[this.at++] = MINUS;
    const positive = Math.abs(value);
    const high = Math.floor(positive / BILLION);
    if (high > 0) this.digits(high, digitsOf(high));
    const low = positive - high * BILLION;
    this.digits(low, high > 0 ? 9 : digitsOf(low));
  }

  /** Writes a time in Unix milliseconds: any integer of 64 bits. */
  time(value: number | bigint): void {
    if (typeof value === 'bigint') {
      this.copy(Buffer.from(String(value)));
      return;
    }
    const head = Math.floor(value / TIME_TAIL);
    if (head !== this.timeHead) {
      const start = this.at;
      this.integer(value);
      if (this.at - start !== WORD + TIME_TAIL_DIGITS || value < 0) return;
      this.timeHead = head;
      this.timeHeadText.setBigInt64(0, this.view.getBigInt64(start));
      return;
    }
    this.reserve(WORD + TIME_TAIL_DIGITS);
    this.view.setBigInt64(this.at, this.timeHeadText.getBigInt64(0));
    this.at += WORD;
    this.digits(value - head * TIME_TAIL, TIME_TAIL_DIGITS);
  }

  private digits(value: number, length: number): void {
    const { bytes } = this;
    let rest = value | 0;
    for (let at = this.at + length - 1; at >= this.at; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.at += length;
  }

  /** Copies earlier output to the end of the text: at most two words, such as an integer. */
  repeat(start: number, end: number): void {
    this.reserve(2 * WORD);
    const { view, at } = this;
    view.setBigInt64(at, view.getBigInt64(start, true), true);
    view.setBigInt64(at + WORD, view.getBigInt64(start + WORD, true), true);
    this.at = at + end - start;
  }

  /** Writes bytes as a base64 string. */
  base64(source: Buffer, start: number, end: number): void {
    this.reserve(base64Length(end - start) + 2);
    this.bytes[this.at++] = QUOTE;
    this.at = writeBase64(source, start, end, this.bytes, this.view, this.at);
    this.bytes[this.at++] = QUOTE;
  }

  /** Writes UTF-8 bytes as a string, escaping only what must be. */
  escaped(source: Buffer, start: number, end: number): void {
    const length = escapedLength(source, start, end);
    this.reserve(length + 2);
    const { bytes } = this;
    bytes[this.at++] = QUOTE;
    if (length === end - start) this.copy(source, start, end);
    else this.escape(source, start, end);
    bytes[this.at++] = QUOTE;
  }

  private escape(source: Buffer, start: number, end: number): void {
    const { bytes } = this;
    let { at } = this;
    for (let from = start; from < end; from++) {
      const byte = source[from];
      if (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH) {
        bytes[at++] = byte;
        continue;
      }
      bytes[at++] = BACKSLASH;
      const letter = byte < SPACE ? letters[byte] : byte;
      if (letter !== 0) {
        bytes[at++] = letter;
      } else {
        at += bytes.write(`u00${byte.toString(16).padStart(2, '0')}`, at, 'latin1');
      }
    }
    this.at = at;
  }

  /** Writes a string. */
  string(value: string): void {
    this.reserve(value.length + 2);
    const { bytes, at } = this;
    bytes[at] = QUOTE;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code < SPACE || code >= DELETE || code === QUOTE || code === BACKSLASH) {
        this.copy(Buffer.from(JSON.stringify(value)));
        return;
      }
      bytes[at + 1 + i] = code;
    }
    bytes[at + 1 + value.length] = QUOTE;
    this.at = at + value.length + 2;
  }

  /** The text so far. */
  toString(): string {
    // Most texts are ASCII, which V8 copies several times faster than it decodes UTF-8.
    const encoding = isAscii(this.bytes.subarray(0, this.at)) ? 'latin1' : 'utf8';
    return this.bytes.toString(encoding, 0, this.at);
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits++;
  return digits;
}
