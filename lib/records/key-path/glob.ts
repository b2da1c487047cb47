/** Stands for any one character in a pattern. */
export const ONE = -1;
/** Stands for any characters, or none. */
export const MANY = -2;

/**
 * A pattern of characters (as code points) and what stands for others. A text is followed in all places of the
 * pattern at once that it can have come to, a bit each: the time does not depend on how often it nearly matches.
 */
export class Glob {
  readonly tokens: readonly number[];
  readonly #words: number;
  /** Places that any character leads on from, and stays at. */
  readonly #many: Uint32Array;
  /** Places that a character leads on from: one that is not in the pattern, and those that are. */
  readonly #any: Uint32Array;
  readonly #steps = new Map<number, Uint32Array>();

  constructor(tokens: readonly number[]) {
    // Several in a row say what one says.
    this.tokens = tokens.filter((token, place) => token !== MANY || tokens[place - 1] !== MANY);
    // The place behind the last token is where a match ends.
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

  /** True when the pattern covers all of a text. */
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

  /** Moves on by a character; false when there is nowhere to go. */
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

  /** What stands for any characters may stand for none. */
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

/** Reads a pattern with `*` and `?`, which a backslash makes ordinary characters like any other. */
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
