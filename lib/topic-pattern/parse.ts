import { patternTooLong, patternUnreadable } from '../messages/topics.ts';
import { quote } from '../quote.ts';

/** A part of a pattern. A set says which of the 128 ASCII characters it accepts: topic names have no others. */
export type Pattern =
  | { readonly kind: 'set'; readonly takes: readonly boolean[] }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly part: Pattern; readonly min: number; readonly max: number };

const ASCII = 128;
const LONGEST = 250;
const MOST_REPEATS = 250;

const setOf = (takes: (character: string) => boolean): boolean[] =>
  Array.from({ length: ASCII }, (_, code) => takes(String.fromCharCode(code)));

const classes: Readonly<Record<string, readonly boolean[]>> = {
  d: setOf((character) => /\d/.test(character)),
  D: setOf((character) => /\D/.test(character)),
  w: setOf((character) => /\w/.test(character)),
  W: setOf((character) => /\W/.test(character)),
};
const anything = setOf(() => true);

/**
 * Reads a regular expression in the syntax that Java, RE2 and JavaScript share: characters, `.`, `[…]`, `\d`, `\w`, groups, `|`, `?`, `*`,
 * `+`, `{m,n}`, `^` and `$`. Refuses what needs backtracking, such as back references and lookahead.
 *
 * @throws {GatewayError} BadRequest, with what cannot be read
 */
export function parsePattern(text: string): Pattern {
  if (text.length > LONGEST) throw patternTooLong(LONGEST);
  const parser = new Parser(text);
  const pattern = parser.choice();
  parser.finish();
  return pattern;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  finish(): void {
    if (this.#at < this.#text.length) this.#fail(`the ${quote(this.#text[this.#at])} has no beginning`);
  }

  choice(): Pattern {
    const parts = [this.#sequence()];
    while (this.#takes('|')) parts.push(this.#sequence());
    return parts.length === 1 ? parts[0] : { kind: 'choice', parts };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at])) parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): Pattern {
    const part = this.#single();
    const { min, max } = this.#count();
    if (min === 1 && max === 1) return part;
    // Lazy or greedy makes no difference to whether a whole name matches.
    this.#takes('?');
    if ('*+?{'.includes(this.#text[this.#at] ?? ' ')) this.#fail('a repetition is repeated');
    return { kind: 'repeat', part, min, max };
  }

  #count(): { min: number; max: number } {
    if (this.#takes('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#takes('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#takes('?')) return { min: 0, max: 1 };
    if (!this.#takes('{')) return { min: 1, max: 1 };
    const [counted, from, comma, to] = /^(\d{1,3})(,?)(\d{0,3})\}/.exec(this.#text.slice(this.#at)) ?? [];
    if (counted === undefined) return this.#fail('after { there must be {m}, {m,} or {m,n}');
    this.#at += counted.length;
    const max = comma === '' ? Number(from) : to === '' ? Number.POSITIVE_INFINITY : Number(to);
    const isCount = Number(from) <= MOST_REPEATS && (max === Number.POSITIVE_INFINITY || (max <= MOST_REPEATS && Number(from) <= max));
    return isCount ? { min: Number(from), max } : this.#fail(`a repetition is not from m to n, of at most ${MOST_REPEATS}`);
  }

  #single(): Pattern {
    const character = this.#text[this.#at++];
    if (character === '(') return this.#group();
    if (character === '[') return this.#set();
    if (character === '.') return { kind: 'set', takes: anything };
    if (character === '^') return { kind: 'start' };
    if (character === '$') return { kind: 'end' };
    if ('*+?{'.includes(character)) return this.#fail(`there is nothing before the ${character}`);
    return { kind: 'set', takes: character === '\\' ? this.#escaped() : setOf((one) => one === character) };
  }

  #group(): Pattern {
    if (this.#takes('?') && !this.#takes(':')) this.#fail('of groups with (? only (?: is supported');
    const group = this.choice();
    return this.#takes(')') ? group : this.#fail('a ( is not closed');
  }

  #set(): Pattern {
    const isNegated = this.#takes('^');
    const takes = setOf(() => false);
    for (let isFirst = true; isFirst || !this.#takes(']'); isFirst = false) {
      const low = this.#inSet();
      const [next, high = ''] = this.#text.slice(this.#at, this.#at + 2);
      if (next !== '-' || high === ']' || high === '') {
        low.forEach((taken, code) => {
          takes[code] ||= taken;
        });
        continue;
      }
      this.#at++;
      const [from, to] = [low, this.#inSet()].map((set) => (set.filter(Boolean).length === 1 ? set.indexOf(true) : -1));
      if (from < 0 || to < from) this.#fail('a range in [ ] does not go from one character to a later one');
      takes.fill(true, from, to + 1);
    }
    return { kind: 'set', takes: isNegated ? takes.map((taken) => !taken) : takes };
  }

  #inSet(): readonly boolean[] {
    const character = this.#text[this.#at++];
    if (character === undefined) return this.#fail('a [ is not closed');
    if (character === '[' || character === '&') return this.#fail(`write \\${character} within [ ]`);
    return character === '\\' ? this.#escaped() : setOf((one) => one === character);
  }

  #escaped(): readonly boolean[] {
    const character = this.#text[this.#at++] ?? '';
    const known = Object.hasOwn(classes, character) ? classes[character] : undefined;
    if (known !== undefined) return known;
    if (!/^[^A-Za-z0-9]$/.test(character)) this.#fail(`\\${character} has no meaning here`);
    return setOf((one) => one === character);
  }

  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #fail(what: string): never {
    throw patternUnreadable(this.#at, what);
  }
}
