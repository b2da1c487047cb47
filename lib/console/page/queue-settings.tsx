import { useState } from 'preact/hooks';
import { useAttempt } from './attempt.ts';
import { ask, shown } from './client.ts';
import { Choice, Field, Problem } from './parts.tsx';

const BEGINNINGS = [
  ['latest', 'What comes after the first receive'],
  ['earliest', 'What is there already'],
] as const;

/** A form for the settings of a queue. Empty fields stay unchanged. */
export function QueueSettings({ path, members, done }: { path: string; members: ReadonlyMap<string, string>; done: () => void }) {
  const [start, setStart] = useState(members.size === 0 ? 'latest' : shown(members, 'auto_offset_reset'));
  const [lock, setLock] = useState('');
  const [told, setTold] = useState('');
  const [most, setMost] = useState('');
  const { attempt, error, isBusy } = useAttempt();
  const submit = (event: Event): void => {
    event.preventDefault();
    attempt(async () => {
      const body = {
        auto_offset_reset: start,
        ...(lock !== '' && { lock_ms: Number(lock) }),
        ...(most !== '' && { max_deliveries: Number(most) }),
      };
      await ask(path, { method: 'PUT', contentType: 'application/json', body: JSON.stringify(body) });
      setTold('Saved');
      done();
    });
  };
  return (
    <section class="details" aria-label="Settings">
      <h2>Settings</h2>
      <form class="controls" onSubmit={submit}>
        <Choice label="Begins with" value={start} options={BEGINNINGS} onChange={setStart} />
        <Field label="Lock in ms, if another">
          <input inputMode="numeric" pattern="\d*" value={lock} onInput={({ currentTarget }) => setLock(currentTarget.value)} />
        </Field>
        <Field label="Deliveries at most, if others">
          <input inputMode="numeric" pattern="\d*" value={most} onInput={({ currentTarget }) => setMost(currentTarget.value)} />
        </Field>
        <button type="submit" disabled={isBusy}>
          Save
        </button>
      </form>
      <p role="status">{told}</p>
      {error !== null && <Problem error={error} />}
    </section>
  );
}
