import type { JsonScanner } from '../../json/json-scanner.ts';
import type { MemberName } from './path.ts';

const QUOTE = 0x22;

/** Moves past a member's name and its colon; tells whether the name is the one asked for, or matches the pattern. */
export function passName(json: JsonScanner, name: MemberName): boolean {
  if (json.peek() !== QUOTE) json.fail('a member name in quotes');
  const start = json.at;
  const { escapes } = json;
  json.string();
  const end = json.at;
  json.colon();
  if (!Buffer.isBuffer(name)) return name.matches(textOf(json, start, end));
  if (json.escapes === escapes)
    return end - start - 2 === name.length && json.bytes.compare(name, 0, name.length, start + 1, end - 1) === 0;
  return textOf(json, start, end) === name.toString();
}

const textOf = ({ bytes }: JsonScanner, start: number, end: number): string => JSON.parse(bytes.toString('utf8', start, end));
