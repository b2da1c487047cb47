import { type Token, tokensOf } from './tokens.ts';

/** Limits of names: each is looked up in every enclosing scope. */
const MOST_NAME = 200;
const MOST_PARTS = 50;

/** Options by name, without those whose value is a message; only `features` in a message are added, each under its own name. */
export type Options = Record<string, string>;

/** Reads the tokens of a .proto text one by one. An unexpected token is an Error with its line. */
export class ProtoReader {
  readonly #tokens: Token[];
  #at = 0;

  constructor(source: string) {
    this.#tokens = tokensOf(source);
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  fail(expected: string): never {
    const { line, text } = this.peek();
    throw new Error(`line ${line}: expected ${expected}, not ${JSON.stringify(text.slice(0, 40))}`);
  }

  /** Skips a token if it has this text. */
  skip(text: string): boolean {
    const token = this.peek();
    if (token.text !== text || (token.kind !== 'symbol' && token.kind !== 'name')) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) this.fail(text);
  }

  name(): string {
    const { kind, text } = this.peek();
    return kind === 'name' && text.length <= MOST_NAME ? this.next().text : this.fail(`a name of at most ${MOST_NAME} characters`);
  }

  /** A dotted name, which may begin with a dot. */
  fullName(): string {
    let name = this.skip('.') ? '.' : '';
    name += this.name();
    for (let parts = 1; this.skip('.'); parts++) {
      if (parts === MOST_PARTS) this.fail(`a name of at most ${MOST_PARTS} parts`);
      name += `.${this.name()}`;
    }
    return name;
  }

  integer(): number {
    const sign = this.skip('-') ? -1 : 1;
    const { kind, text } = this.peek();
    const value = kind === 'number' ? Number(/^0[0-7]+$/.test(text) ? `0o${text}` : text) : Number.NaN;
    if (!Number.isInteger(value)) this.fail('an integer');
    this.#at++;
    return sign * value;
  }

  /** A string, possibly in several adjacent pieces. */
  string(): string {
    if (this.peek().kind !== 'string') this.fail('a string');
    let text = '';
    while (this.peek().kind === 'string') text += this.next().text;
    return text;
  }

  /** Skips everything up to the bracket that closes the last one. */
  skipBlock(): void {
    for (let depth = 1; depth > 0; ) {
      const { kind, text } = this.peek();
      if (kind === 'end') this.fail('}');
      this.#at++;
      if (kind !== 'symbol') continue;
      if (text === '{' || text === '[') depth++;
      if (text === '}' || text === ']') depth--;
    }
  }

  /** Reads `name = value` of an option, and adds it to `options`. */
  option(options: Options): void {
    let name = '';
    while (!this.skip('=')) {
      if (this.peek().kind === 'end') this.fail('=');
      name += this.next().text;
    }
    if (name === 'features' && this.skip('{')) this.#features(options);
    else if (this.skip('{') || this.skip('[')) this.skipBlock();
    else options[name] = this.#constant();
  }

  #constant(): string {
    if (this.peek().kind === 'string') return this.string();
    const sign = this.skip('-') ? '-' : '';
    this.skip('+');
    return sign + this.next().text;
  }

  /** Features in the text format of messages. */
  #features(options: Options): void {
    while (!this.skip('}')) {
      if (this.skip(',') || this.skip(';')) continue;
      let name = '';
      while (!this.skip(':') && this.peek().text !== '{') {
        if (this.peek().kind === 'end') this.fail('}');
        name += this.next().text;
      }
      if (this.skip('{')) this.skipBlock();
      else options[`features.${name}`] = this.#constant();
    }
  }

  /** The options in brackets after a field or an enum value, if any. */
  options(): Options {
    const options: Options = {};
    if (!this.skip('[')) return options;
    do this.option(options);
    while (this.skip(','));
    this.expect(']');
    return options;
  }

  /** Numbers and ranges up to the semicolon; skips strings among them. */
  ranges(): { start: number; end: number }[] {
    const ranges: { start: number; end: number }[] = [];
    do {
      if (this.peek().kind === 'string') {
        this.string();
        continue;
      }
      const start = this.integer();
      const last = !this.skip('to') ? start : this.skip('max') ? 2 ** 29 - 1 : this.integer();
      ranges.push({ start, end: last + 1 });
    } while (this.skip(','));
    this.options();
    this.expect(';');
    return ranges;
  }
}
