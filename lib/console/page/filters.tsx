import { useState } from 'preact/hooks';
import { type Address, withParameters } from './address.ts';
import { go } from './hooks.ts';
import { Field, Foreign } from './parts.tsx';

/** The filters of the address, each to be taken away, and a field for another one. */
export function Filters({ address }: { address: Address }) {
  const [written, setWritten] = useState('');
  const filters = address.parameters.getAll('filter');
  const set = (filter: readonly string[]) => go(withParameters(address, { filter, at: null, open: null }));
  const add = (event: Event): void => {
    event.preventDefault();
    if (written.trim() !== '') set([...filters, written.trim()]);
    setWritten('');
  };
  return (
    <form class="controls" onSubmit={add}>
      <Field label="Filter">
        <input value={written} placeholder="value.total>10" onInput={({ currentTarget }) => setWritten(currentTarget.value)} />
      </Field>
      <button type="submit">Add filter</button>
      {filters.map((filter, index) => (
        <span class="chip" key={filter}>
          <code>
            <Foreign text={filter} />
          </code>
          <button type="button" aria-label={`Remove filter ${filter}`} onClick={() => set(filters.filter((_, i) => i !== index))}>
            ×
          </button>
        </span>
      ))}
    </form>
  );
}
