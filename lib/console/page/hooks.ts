import { useEffect, useState } from 'preact/hooks';
import { type Address, readAddress } from './address.ts';

/** The address of the page, as it changes. */
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

/** Goes to an address of the page. With `instead`, Back does not come here again. */
export function go(address: string, instead = false): void {
  if (!instead) {
    location.hash = address;
    return;
  }
  history.replaceState(null, '', address);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** Does something that takes a while, then goes to an address; unless people have gone elsewhere in the meantime. */
export async function goAfter(work: Promise<unknown>, address: string): Promise<void> {
  const here = location.hash;
  await work;
  if (location.hash === here) go(address);
}

/** What is loaded: as long as neither is there, it is on its way. */
export interface Loaded<Value> {
  value: Value | null;
  error: Error | null;
  reload: () => void;
}

/** Loads something when it is shown first, and whenever `key` changes. What is loaded for another key is given up. */
export function useLoaded<Value>(key: string, load: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ key: string; value: Value | null; error: Error | null }>({ key, value: null, error: null });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    // What is tried again has not failed yet.
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
