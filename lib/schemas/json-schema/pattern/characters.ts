/** Whether a code point belongs to a set. */
export type Characters = (point: number) => boolean;

const ASCII = 128;

export const newline: Characters = (point) => point === 0x0a || point === 0x0d || point === 0x2028 || point === 0x2029;
export const dot: Characters = (point) => !newline(point);
export const word: Characters = (point) =>
  (point >= 0x61 && point <= 0x7a) || (point >= 0x41 && point <= 0x5a) || (point >= 0x30 && point <= 0x39) || point === 0x5f;
const digit: Characters = (point) => point >= 0x30 && point <= 0x39;
const space: Characters = (point) =>
  point === 0x20 || (point >= 9 && point <= 13) || (point >= 0xa0 && /\s/.test(String.fromCodePoint(point)));
const not =
  (characters: Characters): Characters =>
  (point) =>
    !characters(point);

const blank: Characters = (point) =>
  point === 9 || (space(point) && !newline(point) && point !== 0x0b && point !== 0x0c && point !== 0xfeff);
/** Line terminators in Java. */
export const lineBreak: Characters = (point) => newline(point) || point === 0x0b || point === 0x0c || point === 0x85;

const classes: Readonly<Record<string, Characters>> = {
  ...{ d: digit, w: word, s: space, h: blank },
  ...{ D: not(digit), W: not(word), S: not(space), H: not(blank) },
};

/** The characters of `\d` and the like; null for any other letter. */
export const escapeClass = (letter: string): Characters | null => (Object.hasOwn(classes, letter) ? classes[letter] : null);

/** By their names in Java, where they are ASCII only. */
const posix: Readonly<Record<string, RegExp>> = {
  Lower: /[a-z]/,
  Upper: /[A-Z]/,
  Alpha: /[a-zA-Z]/,
  Digit: /\d/,
  Alnum: /[a-zA-Z\d]/,
  Punct: /[!-/:-@[-`{-~]/,
  Graph: /[!-~]/,
  Print: /[ -~]/,
  Blank: /[ \t]/,
  XDigit: /[\da-fA-F]/,
  Space: /[\t-\r ]/,
  Cntrl: /(?=\p{ASCII})\p{Cc}/u,
  ASCII: /\p{ASCII}/u,
};

/**
 * The characters with a Unicode property, or with a POSIX property by its name in Java.
 *
 * @throws {Error} when there is no such property
 */
export function property(name: string, negated: boolean): Characters {
  const expression = Object.hasOwn(posix, name) ? posix[name] : unicodeProperty(name.replace(/^I[sn](?=[A-Z])/, ''));
  const has = cached((point) => expression.test(String.fromCodePoint(point)));
  return negated ? not(has) : has;
}

function unicodeProperty(name: string): RegExp {
  for (const form of [name, `Script=${name}`]) {
    try {
      return new RegExp(`\\p{${form}}`, 'u');
    } catch {
      // Try the next form.
    }
  }
  throw new Error(`its property \\p{${name}} is unknown`);
}

/** @throws {Error} when there is no such code point */
export function unicodeOf(point: number): number {
  if (point > 0x10ffff) throw new Error('it has an escape beyond Unicode');
  return point;
}

export function oneOf(points: readonly number[], ignoreCase: boolean): Characters {
  const [only] = points;
  if (points.length === 1 && !(ignoreCase && cased(only).length > 1)) return (point) => point === only;
  return isIn(
    points.map((point) => [point, point]),
    [],
    false,
    ignoreCase,
  );
}

/** A bracketed character class. */
export function isIn(
  ranges: readonly (readonly [number, number])[],
  others: readonly Characters[],
  negated: boolean,
  ignoreCase: boolean,
): Characters {
  const merged = mergedRanges(ranges);
  const has: Characters = (point) => inRanges(merged, point) || others.some((other) => other(point));
  return cached((point) => (ignoreCase ? cased(point).some(has) : has(point)) !== negated);
}

/** A character and its lower-case and upper-case forms. */
function cased(point: number): number[] {
  const text = String.fromCodePoint(point);
  const forms = [text, text.toLowerCase(), text.toUpperCase()].filter((form) => [...form].length === 1);
  return [...new Set(forms.map((form) => form.codePointAt(0) ?? 0))];
}

function mergedRanges(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const merged: [number, number][] = [];
  for (const [low, high] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

function inRanges(ranges: readonly (readonly [number, number])[], point: number): boolean {
  let from = 0;
  let to = ranges.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const [low, high] = ranges[middle];
    if (point < low) to = middle;
    else if (point > high) from = middle + 1;
    else return true;
  }
  return false;
}

/** Caches the results for ASCII. */
function cached(has: Characters): Characters {
  const known = new Uint8Array(ASCII);
  for (let point = 0; point < ASCII; point++) known[point] = has(point) ? 1 : 0;
  return (point) => (point < ASCII ? known[point] === 1 : has(point));
}
