import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../errors.ts';
import type { JsonWriter } from '../json/json-writer.ts';
import type { Slice } from '../kafka/record.ts';
import { printable } from '../quote.ts';
import type { ShownFormat } from '../records/formats/record-format.ts';
import type { SchemaFormatName } from '../records/formats/schema-formats.ts';
import type { Codec } from './codec.ts';
import { Misfit } from './misfit.ts';
import type { SchemaCodecs } from './schema-codecs.ts';
import { TextBudget, TooMuchText } from './text-budget.ts';
import { readHeader } from './wire-format.ts';

/** What is known of an id: how to read what it is in front of, or why that cannot be. */
type Known = Codec | string;

/** Schemas that a page may need: bytes that only look like a header could name any number. */
const MOST_SCHEMAS = 100;
/** Requests to the registry at a time. */
const AT_A_TIME = 10;

/**
 * A format for a page of records, whose schemas have been asked for.
 *
 * @param slices all keys and values that it will be asked to show
 * @throws {GatewayError} RegistryUnavailable and its like: then nothing can be shown, and the request may be tried again
 */
export async function shownFormat(format: SchemaFormatName, slices: Iterable<Slice | null>, codecs: SchemaCodecs): Promise<ShownFormat> {
  const known = await knownSchemas(format, idsIn(slices), codecs);
  const faults = new WeakMap<Slice, string>();
  const budget = new TextBudget();

  return {
    content: format,
    write(out, slice, strict) {
      const start = out.at;
      const fault = (why: string): false => {
        out.at = start;
        faults.set(slice, why);
        return false;
      };
      const header = readHeader(slice);
      if (header === null) return fault('does not begin as what the serializers of schema registries write, with a zero and an id');
      const { id, payload } = header;
      const codec = known.get(id) ?? `has the schema ${id}, one of more than ${MOST_SCHEMAS} in this page: ask for fewer records`;
      if (typeof codec === 'string') return fault(codec);
      if (budget.forOne <= 0) return fault(budget.exceeded().message);
      const why = decodeWithin(budget, codec, payload, out);
      if (why instanceof TooMuchText) return fault(why.message);
      if (why !== null) return fault(`does not fit its schema ${id}: it ${printable(why.message)}`);
      return !strict || isUtf8(out.bytes.subarray(start, out.at)) || fault('holds text that is not UTF-8');
    },
    fault: (slice) => faults.get(slice) ?? `is not ${format}`,
  };
}

/** @returns why that cannot be */
function decodeWithin(budget: TextBudget, codec: Codec, payload: Slice, out: JsonWriter): Misfit | null {
  const start = out.at;
  try {
    codec.decode(payload, out, budget);
    return null;
  } catch (error) {
    if (error instanceof Misfit) return error;
    throw error;
  } finally {
    // In vain or not.
    budget.spend(out.at - start);
  }
}

function idsIn(slices: Iterable<Slice | null>): Set<number> {
  const ids = new Set<number>();
  for (const slice of slices) {
    const header = slice === null ? null : readHeader(slice);
    if (header !== null && ids.size < MOST_SCHEMAS) ids.add(header.id);
  }
  return ids;
}

async function knownSchemas(format: SchemaFormatName, ids: ReadonlySet<number>, codecs: SchemaCodecs): Promise<Map<number, Known>> {
  const known = new Map<number, Known>();
  const rest = ids.values();
  const work = async (): Promise<void> => {
    for (const id of rest) known.set(id, await knownOf(id, format, codecs));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return known;
}

async function knownOf(id: number, format: SchemaFormatName, codecs: SchemaCodecs): Promise<Known> {
  try {
    const found = await codecs.byId(id);
    if (found === null) return `has the schema ${id}, which the schema registry does not know`;
    return found.format === format ? found.codec : `has the schema ${id}, which is one of ${found.format}: ask for that`;
  } catch (error) {
    if (error instanceof GatewayError && !error.retriable && error.status < 500)
      return `has the schema ${id}, which cannot be used: ${error.message}`;
    throw error;
  }
}
