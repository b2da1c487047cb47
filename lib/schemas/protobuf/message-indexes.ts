import type { Slice } from '../../kafka/record.ts';
import type { ByteSink } from '../byte-sink.ts';
import { Misfit } from '../misfit.ts';
import type { ProtoMessage } from './proto-file.ts';

/** Messages stand in each other no deeper than this. */
const MOST_INDEXES = 64;

/** The full names of a file's messages by their place: `1,0` is the first message in the second one. */
export function messagePlaces(scope: string, messages: readonly ProtoMessage[], place: readonly number[] = []): Map<string, string> {
  const places = new Map<string, string>();
  for (const [i, message] of messages.filter(({ isDeclared }) => isDeclared).entries()) {
    const name = scope === '' ? message.name : `${scope}.${message.name}`;
    places.set([...place, i].join(), name);
    for (const nested of messagePlaces(name, message.nestedType, [...place, i])) places.set(...nested);
  }
  return places;
}

/**
 * Writes which message of its schema a record is: a count and that many indexes, the outermost first, as zigzag varints; the first
 * message is one zero for short.
 */
export function writeMessageIndexes(indexes: readonly number[], out: ByteSink): void {
  if (indexes.length === 1 && indexes[0] === 0) {
    out.byte(0);
    return;
  }
  out.varint(indexes.length);
  for (const index of indexes) out.varint(index);
}

/** Reads them. @returns the message itself, which follows */
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
