import { useState } from 'preact/hooks';

/** An action that a click starts. */
export interface Attempt {
  /** Runs the action; its error stays until the next one starts. */
  attempt: (work: () => Promise<unknown>) => void;
  error: Error | null;
  isBusy: boolean;
}

export function useAttempt(): Attempt {
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    setError(null);
    setBusy(true);
    try {
      await work();
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
    }
    setBusy(false);
  };
  return { attempt: (work) => void run(work), error, isBusy };
}
