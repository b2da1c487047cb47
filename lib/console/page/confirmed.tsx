import { useState } from 'preact/hooks';
import { useAttempt } from './attempt.ts';
import { Field, Problem } from './parts.tsx';

/** A button for an action that cannot be undone: it is enabled once the user has typed the name of the target. */
export function Confirmed({
  button,
  kind,
  name,
  act,
}: {
  button: string;
  /** What kind of thing has the name, such as `group`. */
  kind: string;
  name: string;
  act: () => Promise<unknown>;
}) {
  const [written, setWritten] = useState('');
  const { attempt, error, isBusy } = useAttempt();
  const submit = (event: Event): void => {
    event.preventDefault();
    attempt(async () => {
      await act();
      setWritten('');
    });
  };
  return (
    <form onSubmit={submit}>
      <div class="controls">
        <Field label={`Name of the ${kind}, to confirm`}>
          <input value={written} autocomplete="off" onInput={({ currentTarget }) => setWritten(currentTarget.value)} />
        </Field>
        <button type="submit" disabled={written !== name || isBusy}>
          {button}
        </button>
      </div>
      {error !== null && <Problem error={error} />}
    </form>
  );
}
