import { useState } from 'preact/hooks';
import { useAttempt } from './attempt.ts';
import { Problem } from './parts.tsx';

/** A button that copies a text and shows it, so that users can copy it themselves when the browser does not let the page copy. */
export function Copied({ button, text }: { button: string; text: () => string }) {
  const [shown, setShown] = useState<string | null>(null);
  const { attempt, error } = useAttempt();
  const copy = (): void =>
    attempt(async () => {
      const written = text();
      setShown(written);
      // There is no clipboard without TLS, and the browser may refuse.
      await navigator.clipboard?.writeText(written).catch(() => undefined);
    });
  return (
    <>
      <button type="button" onClick={copy}>
        {button}
      </button>
      {error !== null && <Problem error={error} />}
      {shown !== null && <textarea aria-label="Copied" readOnly rows={shown.split('\n').length} value={shown} />}
    </>
  );
}
