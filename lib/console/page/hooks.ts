import { useEffect, useState } from 'preact/hooks';
import { type Address, readAddress } from './address.ts';

/** The current address of the page. */
export function useAddress(): Address {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener('hashchange', changed);
    addEventListener('popstate', changed);
    // It may have changed since the first render.
    changed();
    return () => {
      removeEventListener('hashchange', changed);
      removeEventListener('popstate', changed);
    };
  }, []);
  const { path, parameters } = readAddress(hash);
  return { path: path.length === 0 ? ['topics'] : path, parameters };
}

/** Goes to an address of the page. With `instead`, Back skips the address left behind. */
export function go(address: string, instead = false): void {
  if (!instead) {
    location.hash = address;
    return;
  }
  history.replaceState(null, '', address);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** Waits for work, then goes to an address, unless the user has gone elsewhere meanwhile. */
export async function goAfter(work: Promise<unknown>, address: string): Promise<void> {
  const here = location.hash;
  await work;
  if (location.hash === here) go(address);
}

/** The state of a load: in progress while value and error are both null. */
export interface Loaded<Value> {
  value: Value | null;
  error: Error | null;
  reload: () => void;
}

/** Loads something at the first render, and whenever `key` changes, which aborts the load for the previous key. */
export function useLoaded<Value>(key: string, load: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ key: string; value: Value | null; error: Error | null }>({ key, value: null, error: null });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    // A retry hides the error of the attempt before.
    setState((last) => (last.error === null ? last : { key, value: null, error: null }));
    load(abort.signal).then(
      (value) => abort.signal.aborted || setState({ key, value, error: null }),
      (error: unknown) =>
        abort.signal.aborted || setState({ key, value: null, error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => abort.abort();
  }, [key, times]);
  const isCurrent = state.key === key;
  return { value: isCurrent ? state.value : null, error: isCurrent ? state.error : null, reload: () => setTimes((n) => n + 1) };
}
