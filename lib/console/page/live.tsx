import { useEffect, useRef, useState } from 'preact/hooks';
import { type Address, withParameters } from './address.ts';
import { Export } from './export.tsx';
import { useLoaded } from './hooks.ts';
import { Problem } from './parts.tsx';
import { RecordDetails, RecordTable } from './record.tsx';
import { placeOf, type Reading, type ShownRecord } from './records.ts';
import { follow } from './tail.ts';

const KEPT = 1000;
const SHOW_EVERY_MS = 250;
const SAY_EVERY_MS = 5000;

interface Seen {
  records: readonly ShownRecord[];
  count: number;
}

/** The records of a topic as they arrive, newest on top. While paused, the view counts them and keeps the last ones. */
export function Live({ reading, address }: { reading: Reading; address: Address }) {
  const [shown, setShown] = useState<Seen>({ records: [], count: 0 });
  const [said, setSaid] = useState(0);
  const [isPaused, setPaused] = useState(false);
  const [isStopped, setStopped] = useState(false);
  const stopping = useRef(new AbortController());
  const came = useRef<Seen>({ records: [], count: 0 });
  const place = useRef<{ of: string; cursor: string | null }>({ of: '', cursor: null });
  const paused = useRef(false);
  paused.current = isPaused;

  const key = JSON.stringify(reading);
  const following = useLoaded(key, (signal) => {
    // A reload after an error continues at the last cursor.
    if (place.current.of !== key) {
      came.current = { records: [], count: 0 };
      place.current = { of: key, cursor: null };
    }
    stopping.current = new AbortController();
    setStopped(false);
    return follow(
      reading,
      place.current.cursor,
      (records, cursor) => {
        place.current.cursor = cursor;
        const { records: before, count } = came.current;
        came.current = { records: [...records.toReversed(), ...before].slice(0, KEPT), count: count + records.length };
      },
      AbortSignal.any([signal, stopping.current.signal]),
    );
  });
  useEffect(() => {
    const showing = setInterval(() => paused.current || setShown(came.current), SHOW_EVERY_MS);
    // A screen reader reads out every change of it, so it changes less often.
    const saying = setInterval(() => setSaid(came.current.count), SAY_EVERY_MS);
    return () => {
      clearInterval(showing);
      clearInterval(saying);
    };
  }, []);

  /** Sends no more requests; the received records stay. */
  const stop = (): void => {
    stopping.current.abort();
    setPaused(false);
    setStopped(true);
  };

  const open = address.parameters.get('open');
  const opened = shown.records.find((record) => placeOf(record) === open);
  return (
    <>
      <div class="controls">
        <button type="button" disabled={isStopped} onClick={() => setPaused(!isPaused)}>
          {isPaused ? 'Go on' : 'Pause'}
        </button>
        <button type="button" disabled={isStopped} onClick={stop}>
          Stop
        </button>
        <a href={withParameters(address, { live: null, open: null })}>All records</a>
        <Export topic={reading.topic} records={() => shown.records} />
        <span>
          {shown.count} {shown.count === 1 ? 'record has' : 'records have'} come; the last {KEPT} are kept
        </span>
      </div>
      <p class="skip" role="status">
        {said} have come
      </p>
      {following.error !== null && (
        <>
          <Problem error={following.error} />
          <button type="button" onClick={following.reload}>
            Go on from here
          </button>
        </>
      )}
      <RecordTable records={shown.records} reading={reading} address={address} />
      {opened !== undefined && <RecordDetails record={opened} reading={reading} close={withParameters(address, { open: null })} />}
    </>
  );
}
