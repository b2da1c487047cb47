import type { Slice } from '../../kafka/record.ts';
import type { ByteSink } from '../byte-sink.ts';
import { Misfit } from '../misfit.ts';

/** How deep messages may be nested. */
const MOST_INDEXES = 64;

/** A message of a parsed file or of a descriptor. */
export interface PlacedMessage {
  name: string;
  nestedType: readonly PlacedMessage[];
  /** True for messages that a map or a group implies, if known. */
  isImplied?: boolean;
}

/**
 * The full names of a file's messages by their indexes: `1,0` is the first message in the second one.
 *
 * @param withImplied whether to count messages that a map or a group implies. Java's serializer does not: it counts the messages in the
 * text.
 * Serializers that count in a descriptor do, such as Python's and Go's
 */
export function messagePlaces(
  { package: scope, messageType }: { package: string; messageType: readonly PlacedMessage[] },
  withImplied: boolean,
): Map<string, string> {
  const places = new Map<string, string>();
  const add = (within: string, messages: readonly PlacedMessage[], place: readonly number[]): void => {
    for (const [i, message] of messages.filter(({ isImplied }) => withImplied || !isImplied).entries()) {
      const name = within === '' ? message.name : `${within}.${message.name}`;
      places.set([...place, i].join(), name);
      add(name, message.nestedType, [...place, i]);
    }
  };
  add(scope, messageType, []);
  return places;
}

/**
 * Writes the indexes of a record's message in its schema: their count, then each from the outermost on, as zigzag varints; for the first
 * message, a single zero.
 */
export function writeMessageIndexes(indexes: readonly number[], out: ByteSink): void {
  if (indexes.length === 1 && indexes[0] === 0) {
    out.byte(0);
    return;
  }
  out.varint(indexes.length);
  for (const index of indexes) out.varint(index);
}

/** Reads the indexes. @returns also the message, which follows */
export function readMessageIndexes({ bytes, start, end }: Slice): { indexes: number[]; message: Slice } {
  let at = start;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (at === end) throw new Misfit('ends in its message indexes');
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new Misfit('has message indexes that are none');
  };
  const count = next();
  if (count < 0 || count > MOST_INDEXES) throw new Misfit('has message indexes that are none');
  const indexes = count === 0 ? [0] : Array.from({ length: count }, next);
  return { indexes, message: { bytes, start: at, end } };
}
