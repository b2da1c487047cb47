import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../errors.ts';
import type { JsonWriter } from '../json/json-writer.ts';
import type { Slice, StoredRecord } from '../kafka/record.ts';
import { printable } from '../quote.ts';
import type { ShownFormat } from '../records/formats/record-format.ts';
import type { SchemaFormatName } from '../records/formats/schema-formats.ts';
import type { Codec, LogicalView } from './codec.ts';
import { Misfit } from './misfit.ts';
import type { SchemaCodecs } from './schema-codecs.ts';
import { TextBudget, TooMuchText } from './text-budget.ts';
import { type Framed, readFrame, type SchemaKey } from './wire-format.ts';

/** The codec of a schema, or why it cannot be used. */
type Known = Codec | string;

/** The most schemas of a page: bytes that only look like a header could name any number. */
const MOST_SCHEMAS = 100;
/** Concurrent requests to the registry. */
const AT_A_TIME = 10;

/** What a format is to show. */
export interface Shown {
  /** The records whose keys or values it will show. */
  records: Iterable<StoredRecord>;
  side: 'key' | 'value';
  view: LogicalView;
}

/**
 * A format for a page of records; fetches their schemas first.
 *
 * @throws {GatewayError} RegistryUnavailable and the like: nothing can be shown, and the client can retry
 */
export async function shownFormat(format: SchemaFormatName, { records, side, view }: Shown, codecs: SchemaCodecs): Promise<ShownFormat> {
  const frames = framesIn(records, side);
  const known = await knownSchemas(format, keysIn(frames.values()), codecs);
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
      const frame = frames.get(slice);
      if (frame === undefined) return fault('does not begin as what the serializers of schema registries write, with a zero and an id');
      const { key, payload } = frame;
      const codec = known.get(key) ?? `has the schema ${key}, one of more than ${MOST_SCHEMAS} in this page: ask for fewer records`;
      if (typeof codec === 'string') return fault(codec);
      if (budget.forOne <= 0) return fault(budget.exceeded().message);
      const why = decodeWithin(budget, codec, payload, out, view);
      if (why instanceof TooMuchText) return fault(why.message);
      if (why !== null) return fault(`does not fit its schema ${key}: it ${printable(why.message)}`);
      return !strict || isUtf8(out.bytes.subarray(start, out.at)) || fault('holds text that is not UTF-8');
    },
    fault: (slice) => faults.get(slice) ?? `is not ${format}`,
  };
}

/** @returns why the payload cannot be decoded */
function decodeWithin(budget: TextBudget, codec: Codec, payload: Slice, out: JsonWriter, view: LogicalView): Misfit | null {
  const start = out.at;
  try {
    codec.decode(payload, out, budget, view);
    return null;
  } catch (error) {
    if (error instanceof Misfit) return error;
    throw error;
  } finally {
    // Text that was written before an error counts too.
    budget.spend(out.at - start);
  }
}

/** Keys or values with what names their schemas. */
function framesIn(records: Iterable<StoredRecord>, side: 'key' | 'value'): Map<Slice, Framed> {
  const frames = new Map<Slice, Framed>();
  for (const record of records) {
    const slice = record[side];
    const frame = slice === null ? null : readFrame(slice, record.headers, side);
    if (slice !== null && frame !== null) frames.set(slice, frame);
  }
  return frames;
}

function keysIn(frames: Iterable<Framed>): Set<SchemaKey> {
  const keys = new Set<SchemaKey>();
  for (const { key } of frames) if (keys.size < MOST_SCHEMAS) keys.add(key);
  return keys;
}

async function knownSchemas(format: SchemaFormatName, keys: ReadonlySet<SchemaKey>, codecs: SchemaCodecs): Promise<Map<SchemaKey, Known>> {
  const known = new Map<SchemaKey, Known>();
  const rest = keys.values();
  const work = async (): Promise<void> => {
    for (const key of rest) known.set(key, await knownOf(key, format, codecs));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return known;
}

/**
 * The codec of a schema, or why it cannot be used.
 *
 * @throws {GatewayError} as {@link shownFormat}
 */
export async function knownOf(key: SchemaKey, format: SchemaFormatName, codecs: SchemaCodecs): Promise<Known> {
  try {
    const found = await codecs.byKey(key);
    if (found === null) return `has the schema ${key}, which the schema registry does not know`;
    return found.format === format ? found.codec : `has the schema ${key}, which is one of ${found.format}: ask for that`;
  } catch (error) {
    if (error instanceof GatewayError && !error.retriable && error.status < 500)
      return `has the schema ${key}, which cannot be used: ${error.message}`;
    if (error instanceof Error) codecs.missed.set(error, key);
    throw error;
  }
}
