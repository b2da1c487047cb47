import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './client.ts';
import type { Loaded } from './hooks.ts';
import { visible } from './visible.ts';

/** The title of a view; it gets the keyboard focus when the view opens. */
export function Title({ children, name }: { children?: ComponentChildren; name: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${name} · Kafka console`;
    heading.current?.focus({ preventScroll: true });
  }, [name]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? <bdi>{name}</bdi>}
    </h1>
  );
}

/** An error of the API, with the request id to find it in the log. */
export function Problem({ error }: { error: Error }) {
  return (
    <div class="problem" role="alert">
      <strong>{error.message}</strong>
      {error instanceof ApiError && error.status > 0 && (
        <div class="faint">
          Status {error.status}
          {error.code !== '' && `, error_code ${error.code}`}
          {error.requestId !== '' && `, request ${error.requestId}`}
        </div>
      )}
    </div>
  );
}

/** Shows what was loaded, or the error. */
export function Show<Value>({ loaded, children }: { loaded: Loaded<Value>; children: (value: Value) => ComponentChildren }) {
  if (loaded.error !== null) {
    return (
      <>
        <Problem error={loaded.error} />
        <button type="button" onClick={loaded.reload}>
          Try again
        </button>
      </>
    );
  }
  if (loaded.value === null) return <p role="status">Loading …</p>;
  return <>{children(loaded.value)}</>;
}

/** Text of others: isolated from the text beside it, with hidden characters made visible. */
export const Foreign = ({ text }: { text: string }) => <bdi>{visible(text)}</bdi>;

const STEP = 64 * 1024;

/** A text of any length, shown step by step. */
export function LongText({ text, label }: { text: string; label: string }) {
  const [length, setLength] = useState(STEP);
  return (
    <>
      <section class="long" aria-label={label} tabIndex={0}>
        <pre>
          <Foreign text={text.slice(0, length)} />
        </pre>
      </section>
      {text.length > length && (
        <button type="button" onClick={() => setLength(length + STEP)}>
          Show more of {text.length.toLocaleString('en')} characters
        </button>
      )}
    </>
  );
}

/** A control with its label. */
export const Field = ({ label, children }: { label: string; children: ComponentChildren }) => (
  <label class="field">
    <span>{label}</span>
    {children}
  </label>
);

/** A choice between a few options. */
export const Choice = ({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}) => (
  <Field label={label}>
    <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      {options.map(([one, shown]) => (
        <option key={one} value={one}>
          {shown}
        </option>
      ))}
    </select>
  </Field>
);

/** A timestamp as a readable UTC time; unchanged if it is not a time. */
export function timeOf(milliseconds: string | undefined): string {
  const date = new Date(Number(milliseconds));
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString().replace('T', ' ').replace('Z', '');
}
