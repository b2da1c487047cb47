/** Stands for any one character in a pattern. */
export const ONE = 1;
/** Stands for any characters, or none. */
export const MANY = 2;

/** A pattern: code units of text, and what stands for others. */
export type Glob = readonly (string | typeof ONE | typeof MANY)[];

/** Reads a pattern with `*` and `?`, which a backslash makes ordinary characters like any other. */
export function parseGlob(text: string): Glob {
  const glob: (string | typeof ONE | typeof MANY)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '*') glob.push(MANY);
    else if (character === '?') glob.push(ONE);
    else if (character === '\\' && at + 1 < text.length) glob.push(text[++at]);
    else glob.push(character);
  }
  return glob;
}

/**
 * True when a pattern covers all of a text. Where it does not go on, only what the last `*` stands for is widened: that suffices, and keeps
 * the time to the product of both lengths.
 */
export function matchesGlob(text: string, glob: Glob): boolean {
  let at = 0;
  let next = 0;
  let widenAt = -1;
  let behindMany = 0;
  while (at < text.length) {
    const wanted = glob[next];
    if (wanted === MANY) {
      behindMany = ++next;
      widenAt = at;
    } else if (wanted === ONE || wanted === text[at]) {
      at += wanted === ONE ? sizeAt(text, at) : 1;
      next++;
    } else if (widenAt >= 0) {
      widenAt += sizeAt(text, widenAt);
      at = widenAt;
      next = behindMany;
    } else return false;
  }
  while (glob[next] === MANY) next++;
  return next === glob.length;
}

/** A character of Unicode takes one code unit of a text or two. */
const sizeAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
