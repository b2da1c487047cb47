type Headers = Readonly<Record<string, string>>;

/** Headers that expire, and how to renew them. */
export interface Renewable {
  headers: Headers;
  /** When they expire, in Unix milliseconds. */
  until: number;
  /** Null when the caller must sign in again. */
  renew: (() => Promise<Renewable>) | null;
}

/** Headers are renewed this long before they expire. */
const EARLY_MS = 30_000;

/** The signed-in caller, only in the memory of this page. A reload forgets it. */
let current: Renewable | null = null;
let renewing: Promise<void> | null = null;
const listeners = new Set<() => void>();

const tell = (): void => {
  for (const listener of listeners) listener();
};

export const isSignedIn = (): boolean => current !== null;

/** The name of the header with the caller's credentials; null while nobody is signed in. */
export const credentialsHeader = (): string | null => Object.keys(current?.headers ?? {})[0] ?? null;

/** The caller's headers; empty until somebody has signed in. */
export async function headers(): Promise<Headers> {
  if (current?.renew && Date.now() > current.until - EARLY_MS) {
    renewing ??= renew(current, current.renew).finally(() => {
      renewing = null;
    });
    await renewing;
  }
  return current?.headers ?? {};
}

async function renew(old: Renewable, next: () => Promise<Renewable>): Promise<void> {
  try {
    const renewed = await next();
    // If the caller has signed out meanwhile, they stay signed out.
    if (current === old) current = renewed;
  } catch {
    if (current === old) expire();
  }
}

/** Signs in with these headers. */
export function signIn(given: Headers | Renewable): void {
  current = isRenewable(given) ? given : { headers: given, until: Number.POSITIVE_INFINITY, renew: null };
  tell();
}

const isRenewable = (given: Headers | Renewable): given is Renewable => typeof given.headers === 'object';

/** Signs out: at the user's wish, or because the gateway no longer accepts the credentials. */
export function expire(): void {
  if (current === null) return;
  current = null;
  tell();
}

/** @returns a function that removes the listener */
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
