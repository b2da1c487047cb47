import { useState } from 'preact/hooks';
import { type Address, withParameters } from './address.ts';
import { go } from './hooks.ts';
import { Field } from './parts.tsx';

/** A user's input as the pages API expects it: digits are an offset in every partition, anything else is a time. */
const placeWritten = (text: string): string => (/^\d{1,12}$/.test(text) ? `offset:${text}` : text);

/** A form that goes to an offset or a time of a topic. */
export function GoTo({ address }: { address: Address }) {
  const [written, setWritten] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    go(withParameters(address, { from: placeWritten(written.trim()), at: null, open: null }));
  };
  return (
    <form class="controls" onSubmit={submit}>
      <Field label="Offset or time (UTC)">
        <input
          required
          value={written}
          placeholder="2026-01-31T12:00:00Z"
          onInput={({ currentTarget }) => setWritten(currentTarget.value)}
        />
      </Field>
      <button type="submit">Go there</button>
    </form>
  );
}
