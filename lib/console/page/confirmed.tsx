import { useState } from 'preact/hooks';
import { useAttempt } from './attempt.ts';
import { Field, Problem } from './parts.tsx';

/** A button for what cannot be undone: it works once the name of what it is done to was written. */
export function Confirmed({
  button,
  kind,
  name,
  act,
}: {
  button: string;
  /** What the name is of, such as `group`. */
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
