import { useRef, useState } from 'preact/hooks';
import { type Address, withParameters } from './address.ts';
import { go } from './hooks.ts';
import { keptFor, loadKept, storeKept, toggled } from './kept-filters.ts';
import { Field, Foreign } from './parts.tsx';

/** The filters in the address, each with buttons to remove or keep it; a field for another one; and the kept filters of this topic. */
export function Filters({ topic, address }: { topic: string; address: Address }) {
  const [written, setWritten] = useState('');
  const [kept, setKept] = useState(loadKept);
  const field = useRef<HTMLInputElement>(null);
  const filters = address.parameters.getAll('filter');
  const mine = keptFor(kept, topic);
  const set = (filter: readonly string[]) => go(withParameters(address, { filter, at: null, open: null }));
  const add = (event: Event): void => {
    event.preventDefault();
    if (written.trim() !== '') set([...filters, written.trim()]);
    setWritten('');
  };
  const remove = (index: number): void => {
    set(filters.filter((_, i) => i !== index));
    // The button disappears, so the focus moves here.
    field.current?.focus();
  };
  const keep = (filter: string): void => {
    // Another tab may have kept other filters.
    const now = toggled(loadKept(), topic, filter);
    storeKept(now);
    setKept(now);
  };
  return (
    <form class="controls" onSubmit={add}>
      <Field label="Filter">
        <input ref={field} value={written} placeholder="value.total>10" onInput={({ currentTarget }) => setWritten(currentTarget.value)} />
      </Field>
      <button type="submit">Add filter</button>
      {filters.map((filter, index) => (
        <span class="chip" key={filter}>
          <code>
            <Foreign text={filter} />
          </code>
          <button
            type="button"
            aria-label={`Keep filter ${filter}`}
            title="Keep in this browser"
            aria-pressed={mine.includes(filter)}
            onClick={() => keep(filter)}
          >
            Keep
          </button>
          <button type="button" aria-label={`Remove filter ${filter}`} onClick={() => remove(index)}>
            ×
          </button>
        </span>
      ))}
      {mine
        .filter((filter) => !filters.includes(filter))
        .map((filter) => (
          <button type="button" key={filter} aria-label={`Add kept filter ${filter}`} onClick={() => set([...filters, filter])}>
            + <Foreign text={filter} />
          </button>
        ))}
    </form>
  );
}
