import { ask, rowsOf, shown } from './client.ts';
import { elementsOf, membersOf } from './exact-json.ts';
import { atBeginning, cursorOf, hasReached, type Places, placesBefore, placesOf } from './places.ts';

/** A record of the API: the JSON text of each member. */
export type ShownRecord = ReadonlyMap<string, string>;

/** What to read, and in which formats. */
export interface Reading {
  topic: string;
  format: string;
  keyFormat: string;
  filters: readonly string[];
}

/** The first and end offsets of each partition of a topic. */
export interface Bounds {
  beginnings: Places;
  ends: Places;
}

/** A page of records, and the places before and after it. */
export interface RecordPage {
  records: ShownRecord[];
  from: Places;
  until: Places;
  bounds: Bounds;
}

const PAGE = 50;
/** After this many requests for one page, the user decides whether to continue. */
const MAX_REQUESTS = 12;

export const placeOf = (record: ShownRecord): string => `${record.get('partition')}#${record.get('offset')}`;

/** The query string for a reading. */
export function queryOf({ format, keyFormat, filters }: Reading, more: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({ format, 'key-format': keyFormat, ...more });
  for (const filter of filters) query.append('filter', filter);
  return query.toString();
}

export async function readBounds(topic: string, signal: AbortSignal): Promise<Bounds> {
  const response = await ask(`/topics/${encodeURIComponent(topic)}/offsets`, { signal });
  const rows = rowsOf(await response.text());
  const places = (name: string): Places => new Map(rows.map((row) => [Number(row.get('partition')), Number(row.get(name))]));
  return { beginnings: places('beginning_offset'), ends: places('end_offset') };
}

interface ApiPage {
  records: ShownRecord[];
  cursor: string;
}

/** Reads one page of the API. */
export async function readApiPage(reading: Reading, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ApiPage> {
  const response = await ask(`/topics/${encodeURIComponent(reading.topic)}/records?${queryOf(reading, query)}`, { signal });
  const page = membersOf(await response.text());
  const pagination = membersOf(page.get('pagination') ?? '{}');
  return { records: elementsOf(page.get('items') ?? '[]').map(membersOf), cursor: shown(pagination, 'nextCursor') };
}

/** Called with the records that a search has found so far. */
export type Progress = (records: readonly ShownRecord[], looked: number) => void;

/** @throws {Error} if the topic has no partition of this number: a list of its records would be empty, as if there were none */
export async function requirePartition(topic: string, partition: number, signal: AbortSignal): Promise<void> {
  const { ends } = await readBounds(topic, signal);
  if (!ends.has(partition)) throw new Error(`The topic has no partition ${partition}: choose one from 0 to ${ends.size - 1}`);
}

/**
 * The newest records before a place in each partition, newest first. When a filter leaves few, it searches further back until the page is
 * full, it reaches the beginning, or it has sent enough requests. `enough` ends the search with what it has, even during a request.
 */
export async function readNewest(
  reading: Reading,
  before: Places | null,
  partition: number | null,
  progress: Progress,
  signal: AbortSignal,
  enough: AbortSignal,
): Promise<RecordPage> {
  const bounds = await readBounds(reading.topic, signal);
  const all = before ?? bounds.ends;
  const until: Places =
    partition === null ? all : new Map([...all].map(([one, end]) => [one, one === partition ? end : (bounds.beginnings.get(one) ?? 0)]));
  const records: ShownRecord[] = [];
  let upper = until;
  let size = PAGE;
  try {
    for (
      let requests = 0;
      records.length < PAGE && requests < MAX_REQUESTS && !atBeginning(upper, bounds.beginnings);
      size = Math.min(size * 4, 20_000)
    ) {
      const lower = placesBefore(upper, bounds.beginnings, size);
      const found: ShownRecord[] = [];
      let cursor = cursorOf(reading.topic, atEndUnless(lower, upper, bounds.ends));
      do {
        const query = { cursor, limit: String(Math.max(PAGE, size)), timeout: '0' };
        const page = await readApiPage(reading, query, AbortSignal.any([signal, enough]));
        found.push(...page.records.filter((record) => Number(record.get('offset')) < (upper.get(Number(record.get('partition'))) ?? 0)));
        cursor = page.cursor;
        requests++;
      } while (!hasReached(placesOf(cursor), upper) && requests < MAX_REQUESTS * 2);
      records.push(...found.sort(byTime));
      upper = lower;
      progress(records, looked(lower, until));
    }
  } catch (error) {
    if (!enough.aborted) throw error;
  }
  return { records, from: upper, until, bounds };
}

/** Skips partitions without wanted records by starting at their end. */
const atEndUnless = (lower: Places, upper: Places, ends: Places): Places =>
  new Map([...lower].map(([partition, from]) => [partition, from < (upper.get(partition) ?? 0) ? from : (ends.get(partition) ?? from)]));

const looked = (lower: Places, until: Places): number =>
  [...until].reduce((sum, [partition, offset]) => sum + offset - (lower.get(partition) ?? offset), 0);

/** Newest first; within a partition, by offset. */
function byTime(one: ShownRecord, other: ShownRecord): number {
  if (one.get('partition') === other.get('partition')) return Number(other.get('offset')) - Number(one.get('offset'));
  return Number(other.get('timestamp')) - Number(one.get('timestamp'));
}
