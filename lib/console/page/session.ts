type Headers = Readonly<Record<string, string>>;

/** Headers that are good for a time, and how to get the next ones. */
export interface Renewable {
  headers: Headers;
  /** Unix milliseconds. */
  until: number;
  /** Null where whoever has signed in has to do so again. */
  renew: (() => Promise<Renewable>) | null;
}

/** So long before their end, headers are renewed. */
const EARLY_MS = 30_000;

/** Who has signed in: in the memory of this page, and nowhere else. A reload forgets it. */
let current: Renewable | null = null;
let renewing: Promise<void> | null = null;
const listeners = new Set<() => void>();

const tell = (): void => {
  for (const listener of listeners) listener();
};

/** Whether somebody has signed in. */
export const isSignedIn = (): boolean => current !== null;

/** The headers that say who is asking; none until somebody has signed in. */
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
    // Who has signed out in the meantime stays out.
    if (current === old) current = renewed;
  } catch {
    if (current === old) expire();
  }
}

/** Keeps the headers of whoever signs in. */
export function signIn(given: Headers | Renewable): void {
  current = isRenewable(given) ? given : { headers: given, until: Number.POSITIVE_INFINITY, renew: null };
  tell();
}

const isRenewable = (given: Headers | Renewable): given is Renewable => typeof given.headers === 'object';

/** Forgets who has signed in: by choice, or since the gateway does not accept it any more. */
export function expire(): void {
  if (current === null) return;
  current = null;
  tell();
}

/** @returns what ends it */
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
