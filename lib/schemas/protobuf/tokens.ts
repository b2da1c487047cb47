/** A token of a .proto text. */
export interface Token {
  kind: 'name' | 'number' | 'string' | 'symbol' | 'end';
  /** For a string, its unescaped content, one character per byte. */
  text: string;
  line: number;
}

const EXPONENT = '(?:(?<=[eE])[+-]\\d+)?';
const PIECE = new RegExp(
  [
    '(?<space>\\s+|//[^\\n]*|/\\*.*?\\*/)',
    '(?<name>[A-Za-z_]\\w*)',
    `(?<number>\\.?\\d[\\w.]*${EXPONENT})`,
    `(?<string>"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*')`,
    '(?<symbol>[-+.,;:=<>()[\\]{}/])',
  ].join('|'),
  'sy',
);
const ESCAPE = /\\(?:([0-7]{1,3})|[xX]([\da-fA-F]{1,2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs;
const letters: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/**
 * Splits a .proto text into tokens, without whitespace and comments; the last one is the end.
 *
 * @throws {Error} with the line of anything that is not a token
 */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  PIECE.lastIndex = 0;
  for (let at = 0; at < source.length; at = PIECE.lastIndex) {
    const groups = PIECE.exec(source)?.groups;
    if (groups === undefined) throw new Error(`line ${line}: ${JSON.stringify(source.slice(at, at + 10))} was not expected`);
    const { space, name, number, string, symbol } = groups;
    if (name !== undefined) tokens.push({ kind: 'name', text: name, line });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, line });
    else if (string !== undefined) tokens.push({ kind: 'string', text: unescaped(string.slice(1, -1)), line });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, line });
    line += (space ?? string ?? '').split('\n').length - 1;
  }
  tokens.push({ kind: 'end', text: 'the end', line });
  return tokens;
}

const unescaped = (text: string): string =>
  text.replace(ESCAPE, (_, octal?: string, hex?: string, short?: string, long?: string, letter = '') => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    const point = short ?? long;
    return point === undefined ? (letters[letter] ?? letter) : String.fromCodePoint(Number.parseInt(point, 16));
  });
