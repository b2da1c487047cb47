/** Who has signed in: in the memory of this page, and nowhere else. A reload forgets it. */
let current: Readonly<Record<string, string>> | null = null;
const listeners = new Set<() => void>();

const tell = (): void => {
  for (const listener of listeners) listener();
};

/** The headers that say who is asking; null until somebody has signed in. */
export const signedIn = (): Readonly<Record<string, string>> | null => current;

/** The same for a request. */
export const headers = (): Readonly<Record<string, string>> => current ?? {};

/** Keeps the headers of whoever signs in. */
export function signIn(given: Readonly<Record<string, string>>): void {
  current = given;
  tell();
}

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
