/** Matches any one character. */
export const ONE = -1;
/** Matches any number of characters, or none. */
export const MANY = -2;

/**
 * A pattern of characters (code points) and wildcards. It tracks all places in the pattern that a text can have reached, one bit each, so
 * the time does not depend on near matches.
 */
export class Glob {
  readonly tokens: readonly number[];
  readonly #words: number;
  /** Places of a {@link MANY}: any character may stay there. */
  readonly #many: Uint32Array;
  /** Places of a {@link ONE}: characters that are not in the pattern may move on from there. */
  readonly #any: Uint32Array;
  readonly #steps = new Map<number, Uint32Array>();

  constructor(tokens: readonly number[]) {
    // Several in a row mean the same as one.
    this.tokens = tokens.filter((token, place) => token !== MANY || tokens[place - 1] !== MANY);
    // The place after the last token is where a match ends.
    this.#words = (this.tokens.length >> 5) + 1;
    this.#many = this.#placesOf((token) => token === MANY);
    this.#any = this.#placesOf((token) => token === ONE);
    for (const character of new Set(this.tokens)) {
      if (character >= 0)
        this.#steps.set(
          character,
          this.#placesOf((token) => token === character || token === ONE),
        );
    }
  }

  #placesOf(isMeant: (token: number) => boolean): Uint32Array {
    const places = new Uint32Array(this.#words);
    for (const [place, token] of this.tokens.entries()) if (isMeant(token)) places[place >> 5] |= 1 << place;
    return places;
  }

  /** True when the pattern matches the whole text. */
  matches(text: string): boolean {
    const places = new Uint32Array(this.#words);
    places[0] = 1;
    this.#skipMany(places);
    for (let at = 0; at < text.length; at++) {
      const character = text.codePointAt(at) ?? 0;
      if (character > 0xffff) at++;
      if (!this.#move(places, this.#steps.get(character) ?? this.#any)) return false;
      this.#skipMany(places);
    }
    const end = this.tokens.length;
    return (places[end >> 5] & (1 << end)) !== 0;
  }

  /** Moves on by a character; false when no place is left. */
  #move(places: Uint32Array, step: Uint32Array): boolean {
    const many = this.#many;
    let carry = 0;
    let alive = 0;
    for (let word = 0; word < places.length; word++) {
      const moving = places[word] & step[word];
      places[word] = (moving << 1) | carry | (places[word] & many[word]);
      carry = moving >>> 31;
      alive |= places[word];
    }
    return alive !== 0;
  }

  /** A {@link MANY} may match nothing. */
  #skipMany(places: Uint32Array): void {
    const many = this.#many;
    let carry = 0;
    for (let word = 0; word < places.length; word++) {
      const skipping = places[word] & many[word];
      places[word] |= (skipping << 1) | carry;
      carry = skipping >>> 31;
    }
  }
}

/** Reads a pattern with `*` and `?`; a backslash makes the next character literal. */
export function parseGlob(text: string): Glob {
  const tokens: number[] = [];
  const characters = Array.from(text);
  for (let at = 0; at < characters.length; at++) {
    const isEscape = characters[at] === '\\' && at + 1 < characters.length;
    if (isEscape) at++;
    const character = characters[at];
    if (!isEscape && character === '*') tokens.push(MANY);
    else if (!isEscape && character === '?') tokens.push(ONE);
    else tokens.push(character.codePointAt(0) ?? 0);
  }
  return new Glob(tokens);
}
