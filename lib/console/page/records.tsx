import { useRef, useState } from 'preact/hooks';
import { type Address, withParameters } from './address.ts';
import { Copied } from './copied.tsx';
import { asCurl } from './curl.ts';
import { Export } from './export.tsx';
import { Filters } from './filters.tsx';
import { GoTo } from './go-to.tsx';
import { go, useLoaded } from './hooks.ts';
import { Choice, Field, Problem } from './parts.tsx';
import { atBeginning, cursorOf, placesText, readPlaces } from './places.ts';
import { RecordDetails, RecordTable } from './record.tsx';
import { placeOf, queryOf, type Reading, readApiPage, readNewest, requirePartition, type ShownRecord } from './records.ts';
import { credentialsHeader } from './session.ts';
import { urlOf } from './settings.ts';
import { shortened } from './visible.ts';

const FORMATS = [
  ['json', 'JSON'],
  ['text', 'Text'],
  ['binary', 'Base64'],
  ['avro', 'Avro'],
  ['jsonschema', 'JSON Schema'],
  ['protobuf', 'Protobuf'],
] as const;

/** What the address says about how to read records. */
export const readingOf = (topic: string, { parameters }: Address): Reading => ({
  topic,
  format: parameters.get('format') ?? 'json',
  keyFormat: parameters.get('key-format') ?? 'text',
  filters: parameters.getAll('filter'),
});

interface Shown {
  records: readonly ShownRecord[];
  /** The addresses of the following page and of the first page; null where there is none. */
  next: string | null;
  first: string | null;
  /** The API query for these records, oldest first. */
  query: string;
}

/** The records of a topic: newest first, or from a given place on. */
export function Records({ topic, address }: { topic: string; address: Address }) {
  const { parameters } = address;
  const reading = readingOf(topic, address);
  const order = parameters.get('from') ?? 'newest';
  const partition = parameters.get('partition');
  const [progress, setProgress] = useState('');
  const enough = useRef(new AbortController());

  const loaded = useLoaded(pageKey(address), async (signal): Promise<Shown> => {
    setProgress('');
    enough.current = new AbortController();
    if (partition !== null) await requirePartition(topic, Number(partition), signal);
    const first = parameters.has('at') ? withParameters(address, { at: null, open: null }) : null;
    if (order !== 'newest') {
      const at = parameters.get('at');
      const page = await readApiPage(reading, { ...(at === null ? { from: order } : { cursor: at }), limit: '50', timeout: '0' }, signal);
      const query = queryOf(reading, { ...(at === null ? { from: order } : { cursor: at }), limit: '50' });
      // The API always reads all partitions of a topic.
      const records = partition === null ? page.records : page.records.filter((record) => record.get('partition') === partition);
      return { records, next: withParameters(address, { at: page.cursor, open: null }), first, query };
    }
    const before = parameters.get('at');
    const page = await readNewest(
      reading,
      before === null ? null : readPlaces(before),
      partition === null ? null : Number(partition),
      (records, looked) => setProgress(`${records.length} found in ${looked.toLocaleString('en')} offsets`),
      signal,
      enough.current.signal,
    );
    const isEnd = atBeginning(page.from, page.bounds.beginnings);
    const next = isEnd ? null : withParameters(address, { at: placesText(page.from), open: null });
    return { records: page.records, next, first, query: queryOf(reading, { cursor: cursorOf(topic, page.from), limit: '50' }) };
  });

  const change = (changes: Readonly<Record<string, string | null>>) => go(withParameters(address, { at: null, open: null, ...changes }));
  const open = parameters.get('open');
  return (
    <>
      <div class="controls">
        <Choice
          label="Order"
          value={order}
          options={ordersWith(order)}
          onChange={(from) => change({ from: from === 'newest' ? null : from })}
        />
        <Field label="Partition">
          <input
            inputMode="numeric"
            size={4}
            value={partition ?? ''}
            onChange={({ currentTarget: { value } }) => change({ partition: /^\d{1,9}$/.test(value) ? value : null })}
          />
        </Field>
        <Choice label="Values" value={reading.format} options={FORMATS} onChange={(format) => change({ format })} />
        <Choice label="Keys" value={reading.keyFormat} options={FORMATS} onChange={(format) => change({ 'key-format': format })} />
        <button type="button" onClick={loaded.reload}>
          Read again
        </button>
        <a href={withParameters(address, { live: '1', at: null, open: null, from: null })}>Live</a>
      </div>
      <GoTo address={address} />
      <Filters topic={topic} address={address} />
      {loaded.error !== null && <Problem error={loaded.error} />}
      <p role="status">
        {loaded.value === null ? (loaded.error === null ? `Reading … ${progress}` : '') : countOf(loaded.value.records.length)}
      </p>
      {loaded.value === null && loaded.error === null && order === 'newest' && (
        <button type="button" onClick={() => enough.current.abort()}>
          Stop the search
        </button>
      )}
      {loaded.value !== null && (
        <>
          <RecordTable records={loaded.value.records} reading={reading} address={address} />
          <div class="controls">
            {loaded.value.first !== null && <a href={loaded.value.first}>First page</a>}
            {loaded.value.next !== null && <a href={loaded.value.next}>{order === 'newest' ? 'Older records' : 'Next page'}</a>}
            <Export topic={topic} records={() => loaded.value?.records ?? []} />
            <Copied button="Copy as curl" text={() => curlOf(topic, loaded.value?.query ?? '')} />
          </div>
          {open !== null && <Opened records={loaded.value.records} place={open} reading={reading} address={address} />}
        </>
      )}
    </>
  );
}

const curlOf = (topic: string, query: string): string =>
  asCurl(urlOf(`/topics/${encodeURIComponent(topic)}/records?${query}`), credentialsHeader());

const ORDERS = [
  ['newest', 'Newest first'],
  ['earliest', 'From the beginning'],
] as const;

/** The orders to choose from, and the place or time in the address. */
const ordersWith = (order: string): readonly (readonly [string, string])[] =>
  ORDERS.some(([one]) => one === order) ? ORDERS : [...ORDERS, [order, `From ${shortened(order, 30)}`]];

/** The key of a page: the address without the open record. */
function pageKey(address: Address): string {
  return withParameters(address, { open: null });
}

const countOf = (count: number): string => (count === 0 ? 'No records' : `${count} ${count === 1 ? 'record' : 'records'}`);

/** The record that the address names: from the page, or else read on its own. */
function Opened({
  records,
  place,
  reading,
  address,
}: {
  records: readonly ShownRecord[];
  place: string;
  reading: Reading;
  address: Address;
}) {
  const here = records.find((record) => placeOf(record) === place);
  const [partition, offset] = place.split('#');
  const loaded = useLoaded(place, async (signal) => {
    if (here !== undefined) return here;
    const cursor = cursorOf(reading.topic, readPlaces(place));
    const page = await readApiPage({ ...reading, filters: [] }, { cursor, limit: '200', timeout: '0' }, signal);
    const found = page.records.find((record) => placeOf(record) === place);
    if (found === undefined) throw new Error(`Partition ${partition} has no record at offset ${offset} any more`);
    return found;
  });
  if (loaded.error !== null) return <Problem error={loaded.error} />;
  const record = here ?? loaded.value;
  return record === null ? null : <RecordDetails record={record} reading={reading} close={withParameters(address, { open: null })} />;
}
