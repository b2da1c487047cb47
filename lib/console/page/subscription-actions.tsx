import { useState } from 'preact/hooks';
import { addressOf } from './address.ts';
import { useAttempt } from './attempt.ts';
import { ask } from './client.ts';
import { Confirmed } from './confirmed.tsx';
import { goAfter } from './hooks.ts';
import { Field, Problem } from './parts.tsx';

const json = 'application/json';

/** The actions on a subscription. */
export function SubscriptionActions({ name, path, state, done }: { name: string; path: string; state: string; done: () => void }) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [told, setTold] = useState('');
  const { attempt, error, isBusy } = useAttempt();

  const doing = (saying: string, work: () => Promise<unknown>): void => {
    setTold('');
    attempt(async () => {
      await work();
      setTold(saying);
      done();
    });
  };
  const post = (verb: string, body: object): Promise<unknown> =>
    ask(`${path}/${verb}`, { method: 'POST', contentType: json, body: JSON.stringify(body) });
  const setState = (next: string) => ask(path, { method: 'PUT', contentType: json, body: JSON.stringify({ state: next }) });
  const replay = (event: Event): void => {
    event.preventDefault();
    doing('Its records are delivered once more', () => post('replay', { from, ...(to !== '' && { to }) }));
  };

  return (
    <section class="details" aria-label="Actions">
      <h2>Actions</h2>
      <div class="controls">
        <button type="button" disabled={isBusy} onClick={() => doing('Its URL has answered the ping', () => post('verify', {}))}>
          Send a ping
        </button>
        {state === 'active' && (
          <button type="button" disabled={isBusy} onClick={() => doing('Nothing is delivered until it goes on', () => setState('paused'))}>
            Pause
          </button>
        )}
        {(state === 'paused' || state === 'disabled') && (
          <button type="button" disabled={isBusy} onClick={() => doing('It goes on', () => setState('active'))}>
            Go on
          </button>
        )}
      </div>
      <form class="controls" onSubmit={replay}>
        <Field label="Replay from, such as 2026-01-31T12:00:00Z">
          <input required value={from} onInput={({ currentTarget }) => setFrom(currentTarget.value)} />
        </Field>
        <Field label="To; now, if empty">
          <input value={to} onInput={({ currentTarget }) => setTo(currentTarget.value)} />
        </Field>
        <button type="submit" disabled={isBusy}>
          Replay
        </button>
      </form>
      <p role="status">{told}</p>
      {error !== null && <Problem error={error} />}
      <Confirmed
        button="Delete the subscription"
        kind="subscription"
        name={name}
        act={() => goAfter(ask(path, { method: 'DELETE' }), addressOf(['subscriptions']))}
      />
    </section>
  );
}
