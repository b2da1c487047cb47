import { memberTwice, memberUnknown } from '../messages/produce.ts';
import type { JsonScanner } from './json-scanner.ts';

const QUOTE = 0x22;

/** How many characters of an unknown name an error message shows; `?` replaces any that is not printable ASCII. */
const MOST_SHOWN = 64;

/** Names that occur in every request or record: compared byte by byte, without making a string. */
const usual = ['value', 'key', 'records', 'partition', 'timestamp', 'headers', 'topic', 'type', 'data', 'partition_id', 'name', 'id'];

/** Passes a member's name and its colon; returns the name, unescaped. */
export function readMemberName(json: JsonScanner): string {
  if (json.peek() !== QUOTE) json.fail('a member name in quotes');
  const start = json.at + 1;
  json.string();
  const end = json.at - 1;
  json.colon();
  for (const name of usual) if (name.length === end - start && equals(json.bytes, start, name)) return name;
  return JSON.parse(json.bytes.toString('utf8', start - 1, end + 1));
}

function equals(bytes: Buffer, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name.charCodeAt(i)) return false;
  return true;
}

/**
 * Refuses a member that nobody reads, or that occurs twice: which of the two counts would be a guess.
 *
 * @param known the names that are read here
 * @param where the object that has the member, for the message
 * @throws {GatewayError} InvalidRecord
 */
export function refuseMember(name: string, known: readonly string[], where: string): never {
  if (known.includes(name)) throw memberTwice(where, name);
  const shown = name.slice(0, MOST_SHOWN).replace(/[^ -~]/g, '?') + (name.length > MOST_SHOWN ? '…' : '');
  throw memberUnknown(shown, where, known.join(', '));
}
