import { type Characters, dot, escapeClass, isIn, lineBreak, oneOf, property, unicodeOf } from './characters.ts';

/** The syntax tree of a regular expression. */
export type PatternTree =
  | { kind: 'characters'; characters: Characters }
  | { kind: 'sequence'; parts: readonly PatternTree[] }
  | { kind: 'either'; parts: readonly PatternTree[] }
  | { kind: 'repeat'; part: PatternTree; min: number; max: number }
  | { kind: 'position'; at: Position }
  | { kind: 'look'; part: PatternTree; behind: boolean; negated: boolean };

export type Position = 'start' | 'end' | 'line start' | 'line end' | 'word edge' | 'no word edge';

/** Thrown for back references: they match what was matched before, which a search in bounded time does not know. */
export class RefersBack extends Error {}

interface Flags {
  ignoreCase: boolean;
  dotAll: boolean;
  multiline: boolean;
}

/** How deep groups may be nested. */
const MAX_DEPTH = 100;
const REPEAT = /\{(\d{1,9})(?:(,)(\d{0,9}))?\}/y;
const INLINE_FLAGS = /\(\?([ims]*)(?:-([ims]+))?([:)])/y;
const GROUP = /\((?:\?(?:(:|>|=|!|<=|<!)|P?<[A-Za-z_]\w*>))?/y;
const HEX = /x(?:([\da-fA-F]{2})|\{([\da-fA-F]{1,6})\})|u(?:([\da-fA-F]{4})|\{([\da-fA-F]{1,6})\})|c([A-Za-z])/y;
const PROPERTY = /([pP])(?:\{(\^?)([\w=]+)\}|([A-Z]))/y;
const QUOTED = /\\Q(.*?)(?:\\E|$)/sy;
const nothing: PatternTree = { kind: 'sequence', parts: [] };
const pointOf = (character: string): number => character.codePointAt(0) ?? 0;
const anyLineBreak: PatternTree = {
  kind: 'either',
  parts: [
    { kind: 'sequence', parts: [13, 10].map((point) => ({ kind: 'characters', characters: oneOf([point], false) })) },
    { kind: 'characters', characters: lineBreak },
  ],
};
const controls: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9, v: 11, 0: 0 };
const positions: Readonly<Record<string, Position>> = { b: 'word edge', B: 'no word edge', A: 'start', z: 'end', Z: 'end' };

/**
 * Parses a regular expression of ECMAScript, with or without the flag `u`. Of Java's own syntax it accepts inline flags, possessive
 * quantifiers and atomic groups (treated as ordinary ones), `\A`, `\z`, `\h`, `\R`, `\Q…\E` and the names of character classes.
 *
 * @throws {RefersBack} when it has back references
 * @throws {Error} saying what is wrong with it
 */
export function parsePattern(text: string): PatternTree {
  const parser = new PatternParser(text);
  return parser.parse();
}

class PatternParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): PatternTree {
    const tree = this.#either({ ignoreCase: false, dotAll: false, multiline: false });
    if (this.#at < this.#text.length) throw new Error('it has a ) too many');
    return tree;
  }

  #match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  /** @param flags an inline flag changes them up to the end of the group */
  #either(flags: Flags): PatternTree {
    if (++this.#depth > MAX_DEPTH) throw new Error(`its groups are nested deeper than ${MAX_DEPTH} levels`);
    const parts = [this.#sequence(flags)];
    while (this.#skip('|')) parts.push(this.#sequence(flags));
    this.#depth--;
    return parts.length === 1 ? parts[0] : { kind: 'either', parts };
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #sequence(flags: Flags): PatternTree {
    const parts: PatternTree[] = [];
    while (this.#at < this.#text.length && !/[|)]/.test(this.#text[this.#at])) parts.push(this.#repeated(this.#part(flags)));
    return parts.length === 1 ? parts[0] : { kind: 'sequence', parts };
  }

  #repeated(part: PatternTree): PatternTree {
    const range = this.#quantifier();
    if (range === null) return part;
    const [min, max] = range;
    if (max < min) throw new Error(`its repetition {${min},${max}} is none`);
    // Which match is found does not matter, only whether there is one.
    if (!this.#skip('?')) this.#skip('+');
    return { kind: 'repeat', part, min, max };
  }

  /** Null when there is no quantifier. */
  #quantifier(): [number, number] | null {
    if (this.#skip('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#skip('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#skip('?')) return [0, 1];
    const [matched, min, comma, max] = this.#match(REPEAT) ?? [];
    if (matched === undefined) return null;
    return [Number(min), comma === undefined ? Number(min) : max === '' ? Number.POSITIVE_INFINITY : Number(max)];
  }

  #part(flags: Flags): PatternTree {
    const first = this.#text[this.#at];
    switch (first) {
      case '(':
        return this.#group(flags);
      case '[':
        return { kind: 'characters', characters: this.#class(flags) };
      case '\\':
        return this.#escape(flags);
      case '*':
      case '+':
      case '?':
        throw new Error(`its ${first} has nothing to repeat`);
      case '.':
        this.#at++;
        return { kind: 'characters', characters: flags.dotAll ? () => true : dot };
      case '^':
        this.#at++;
        return { kind: 'position', at: flags.multiline ? 'line start' : 'start' };
      case '$':
        this.#at++;
        return { kind: 'position', at: flags.multiline ? 'line end' : 'end' };
      default:
        return { kind: 'characters', characters: oneOf([this.#point()], flags.ignoreCase) };
    }
  }

  #point(): number {
    const point = this.#text.codePointAt(this.#at) ?? 0;
    this.#at += point > 0xffff ? 2 : 1;
    return point;
  }

  #group(flags: Flags): PatternTree {
    const inline = this.#text.startsWith('(?:', this.#at) ? null : this.#match(INLINE_FLAGS);
    if (inline !== null) {
      const [, on, off = '', end] = inline;
      const changed = end === ':' ? { ...flags } : flags;
      const set = (letters: string, value: boolean): void => {
        if (letters.includes('i')) changed.ignoreCase = value;
        if (letters.includes('s')) changed.dotAll = value;
        if (letters.includes('m')) changed.multiline = value;
      };
      set(on, true);
      set(off, false);
      return end === ':' ? this.#closed(this.#either(changed)) : nothing;
    }
    const [, kind = ''] = this.#match(GROUP) ?? [];
    if (this.#text[this.#at] === '?') throw new Error('it has a group of an unknown kind');
    const part = this.#closed(this.#either({ ...flags }));
    if (kind === '' || kind === ':' || kind === '>') return part;
    return { kind: 'look', part, behind: kind.startsWith('<'), negated: kind.endsWith('!') };
  }

  #closed(part: PatternTree): PatternTree {
    if (!this.#skip(')')) throw new Error('it lacks a )');
    return part;
  }

  #escape(flags: Flags): PatternTree {
    const letter = this.#text[this.#at + 1] ?? '';
    if (/[1-9k]/.test(letter)) throw new RefersBack('it has back references');
    if (Object.hasOwn(positions, letter)) {
      this.#at += 2;
      return { kind: 'position', at: positions[letter] };
    }
    if (letter === 'R') {
      this.#at += 2;
      return anyLineBreak;
    }
    const quoted = this.#match(QUOTED);
    if (quoted !== null) {
      const parts = Array.from(
        quoted[1],
        (one): PatternTree => ({ kind: 'characters', characters: oneOf([pointOf(one)], flags.ignoreCase) }),
      );
      return { kind: 'sequence', parts };
    }
    const escaped = this.#escaped();
    return { kind: 'characters', characters: typeof escaped === 'number' ? oneOf([escaped], flags.ignoreCase) : escaped };
  }

  /** Parses an escape, inside or outside of a class. */
  #escaped(): number | Characters {
    this.#at++;
    const letter = this.#text[this.#at];
    if (letter === undefined) throw new Error('it ends in a backslash');
    const known = escapeClass(letter);
    if (known !== null) {
      this.#at++;
      return known;
    }
    const named = this.#match(PROPERTY);
    if (named !== null) {
      const [, p, not = '', name, short] = named;
      return property(name ?? short, (p === 'P') !== (not === '^'));
    }
    const code = this.#match(HEX);
    if (code !== null) {
      const [, x, xLong, u, uLong, control] = code;
      if (control !== undefined) return control.charCodeAt(0) % 32;
      const point = Number.parseInt(x ?? xLong ?? u ?? uLong ?? '', 16);
      return u === undefined ? unicodeOf(point) : this.#paired(point);
    }
    if (Object.hasOwn(controls, letter)) {
      this.#at++;
      return controls[letter];
    }
    if (/[A-Za-z\d]/.test(letter)) throw new Error(`its escape \\${letter} is unknown`);
    return this.#point();
  }

  /** Two escapes for a surrogate pair are one character. */
  #paired(high: number): number {
    const [, low] = high >= 0xd800 && high < 0xdc00 ? (/^\\u(d[c-f][\da-f]{2})/i.exec(this.#text.slice(this.#at, this.#at + 6)) ?? []) : [];
    if (low === undefined) return high;
    this.#at += 6;
    return 0x10000 + (high - 0xd800) * 0x400 + Number.parseInt(low, 16) - 0xdc00;
  }

  #class(flags: Flags): Characters {
    this.#at++;
    const negated = this.#skip('^');
    const ranges: [number, number][] = [];
    const classes: Characters[] = [];
    while (!this.#skip(']')) {
      const low = this.#classPart();
      if (this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']' && typeof low === 'number') {
        this.#at++;
        const high = this.#classPart();
        if (typeof high !== 'number') {
          ranges.push([low, low], [0x2d, 0x2d]);
          classes.push(high);
        } else if (high < low) throw new Error('it has a range whose end is before its beginning');
        else ranges.push([low, high]);
      } else if (typeof low === 'number') ranges.push([low, low]);
      else classes.push(low);
    }
    return isIn(ranges, classes, negated, flags.ignoreCase);
  }

  #classPart(): number | Characters {
    if (this.#at >= this.#text.length) throw new Error('it lacks a ]');
    if (this.#text[this.#at] !== '\\') return this.#point();
    if (this.#text[this.#at + 1] !== 'b') return this.#escaped();
    this.#at += 2;
    return 8;
  }
}
