import { isUtf8 } from 'node:buffer';
import { jsonNotUtf8, malformedJson } from '../messages/requests.ts';

// Bytes of JSON's grammar. Do not import them from a shared file: V8 inlines a file's own constants into the loops below, but reads an
// imported one from memory for every byte, which takes twice the time.
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LOWER_A = 0x61;
const LOWER_B = 0x62;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_R = 0x72;
const LOWER_T = 0x74;
const LOWER_U = 0x75;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** How deep containers may be nested. The scanner recurses: without a bound, a few kilobytes of `[` would overflow the stack. */
export const MAX_DEPTH = 512;

/** What `peek` returns at the end of the text: not a byte. */
const END = -1;

/**
 * A strict JSON scanner (RFC 8259) over bytes. It builds nothing: it passes over values and reports where they end, so one pass both
 * validates a text and splits it. It does not check that strings are UTF-8: see {@link scanText}.
 *
 * Every token but a number marks its own end, so only numbers and whitespace check for `end`. A text that is cut off is detected by
 * {@link finish}, which must be called last.
 */
export class JsonScanner {
  readonly bytes: Buffer;
  /** The position of the next byte to read. */
  at: number;
  /** The position after the last byte of the text. */
  readonly end: number;
  /** Bytes of insignificant whitespace passed so far. */
  spaces = 0;
  /** Escape sequences passed so far. */
  escapes = 0;
  private depth = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** @throws {GatewayError} BadRequest with what was expected, and at which byte */
  fail(expected: string): never {
    const place = this.at < this.end ? `at byte ${this.at}` : `at byte ${this.end}, where the text ends`;
    this.refuse(`expected ${expected} ${place}`);
  }

  protected refuse(why: string): never {
    throw malformedJson(why);
  }

  /** Passes whitespace; returns the byte found there, or -1 at the end of the text. */
  peek(): number {
    let byte = this.bytes[this.at];
    if (byte === SPACE) {
      byte = this.bytes[++this.at];
      this.spaces++;
    }
    return byte > SPACE ? byte : this.passSpaces();
  }

  private passSpaces(): number {
    const { bytes, end, at: start } = this;
    let at = start;
    let byte = bytes[at];
    while (at < end && (byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB)) byte = bytes[++at];
    this.at = at;
    this.spaces += at - start;
    return at < end ? byte : END;
  }

  /** Checks that the text ends here. */
  finish(): void {
    if (this.at !== this.end && this.passSpaces() !== END) this.fail('nothing more');
    if (this.at > this.end) this.fail('the rest of a value');
  }

  /** Passes one value of any type. */
  value(): void {
    const byte = this.peek();
    if (byte === QUOTE) this.string();
    else if (byte === OPEN_BRACE) this.object();
    else if (byte === OPEN_BRACKET) this.array();
    else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) this.number();
    else if (byte === LOWER_T) this.word('true');
    else if (byte === LOWER_F) this.word('false');
    else if (byte === LOWER_N) this.word('null');
    else this.fail('a value');
  }

  /** Passes a string whose opening quote {@link peek} has returned. */
  string(): void {
    this.at++;
    this.stringRest();
  }

  /** Passes the rest of a string, from any of its characters. */
  stringRest(): void {
    const { bytes } = this;
    let { at } = this;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
      if (byte === BACKSLASH) {
        this.escapes++;
        if (isShortEscape(bytes[at + 1])) at += 2;
        else at = this.longEscape(at + 1);
      } else if (byte >= SPACE) at++;
      else {
        this.at = at;
        this.fail(at < this.end ? 'a control character to be escaped' : 'the closing quote of a string');
      }
    }
    this.at = at + 1;
  }

  /** Returns the end of the escape whose `u` is at a position. */
  private longEscape(at: number): number {
    const { bytes } = this;
    this.at = at;
    if (bytes[at] !== LOWER_U) this.fail('an escape sequence');
    for (let i = 0; i < 4; i++) if (!isHexDigit(bytes[++this.at])) this.fail('four hex digits');
    return at + 5;
  }

  private number(): void {
    const { bytes, end } = this;
    if (bytes[this.at] === MINUS) this.at++;
    if (bytes[this.at] === ZERO) this.at++;
    else this.digits();
    if (bytes[this.at] === DOT && this.at < end) {
      this.at++;
      this.digits();
    }
    if ((bytes[this.at] | SPACE) === LOWER_E && this.at < end) {
      const sign = bytes[++this.at];
      if (sign === PLUS || sign === MINUS) this.at++;
      this.digits();
    }
  }

  private digits(): void {
    const { bytes, end } = this;
    let at = this.at;
    while (bytes[at] >= ZERO && bytes[at] <= NINE && at < end) at++;
    if (at === this.at) this.fail('a digit');
    this.at = at;
  }

  /** Passes the value if it is `null`; returns whether it is. */
  null(): boolean {
    if (this.peek() !== LOWER_N) return false;
    this.word('null');
    return true;
  }

  private word(word: 'true' | 'false' | 'null'): void {
    for (let i = 0; i < word.length; i++, this.at++) if (this.bytes[this.at] !== word.charCodeAt(i)) this.fail(word);
  }

  private array(): void {
    if (!this.enter(CLOSE_BRACKET)) return;
    do this.value();
    while (this.more(CLOSE_BRACKET));
  }

  private object(): void {
    if (!this.enter(CLOSE_BRACE)) return;
    do {
      this.name();
      this.value();
    } while (this.more(CLOSE_BRACE));
  }

  /** Passes a member's name and its colon. */
  private name(): void {
    if (this.peek() !== QUOTE) this.fail('a member name in quotes');
    this.string();
    this.colon();
  }

  /** Passes the colon after a member's name. */
  colon(): void {
    if (this.peek() !== COLON) this.fail("':'");
    this.at++;
  }

  /** Passes an opening bracket; false when the brackets are empty, after passing the closing one too. */
  enter(close: number): boolean {
    if (this.depth === MAX_DEPTH) this.refuse(`nested deeper than ${MAX_DEPTH} levels at byte ${this.at}`);
    this.at++;
    if (this.peek() === close) {
      this.at++;
      return false;
    }
    this.depth++;
    return true;
  }

  /** Passes a comma (true) or the closing bracket (false). */
  more(close: number): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close) this.fail(`',' or '${String.fromCharCode(close)}'`);
    this.at++;
    if (byte === COMMA) return true;
    this.depth--;
    return false;
  }
}

const isHexDigit = (byte: number) => (byte >= ZERO && byte <= NINE) || ((byte | SPACE) >= LOWER_A && (byte | SPACE) <= LOWER_F);

const isShortEscape = (byte: number) =>
  byte === QUOTE ||
  byte === BACKSLASH ||
  byte === SLASH ||
  byte === LOWER_B ||
  byte === LOWER_F ||
  byte === LOWER_N ||
  byte === LOWER_R ||
  byte === LOWER_T;

/** Where JSON begins in a request's text: after the byte order mark that editors and .NET write before UTF-8. */
export const textStart = (bytes: Buffer): number => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);

/**
 * A scanner over a request's text, which must be valid UTF-8. Skips a byte order mark at the beginning.
 *
 * @throws {GatewayError} BadRequest, with the position of the first byte that is not UTF-8
 */
export function scanText(bytes: Buffer): JsonScanner {
  const end = utf8Length(bytes);
  if (end === bytes.length) return new JsonScanner(bytes, textStart(bytes));
  throw jsonNotUtf8(end);
}

/** How many of the first bytes are valid UTF-8. */
export function utf8Length(bytes: Buffer): number {
  if (isUtf8(bytes)) return bytes.length;
  const repaired = Buffer.from(bytes.toString('utf8'));
  let end = bytes.findIndex((byte, i) => byte !== repaired[i]);
  // A truncated sequence may begin like the replacement character.
  if (end < 0) end = bytes.length;
  while (!isUtf8(bytes.subarray(0, end))) end--;
  return end;
}
