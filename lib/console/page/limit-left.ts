/** The rest of the caller's limit that is closest to its end, as the last response stated it. */
export interface LimitLeft {
  limit: string;
  remaining: string;
  /** Seconds until the whole limit is available again. */
  reset: string;
}

let last: LimitLeft | null = null;

/** Remembers what a response says. */
export function noteLimit(headers: Headers): void {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));
  if (limit && remaining && reset) last = { limit, remaining, reset };
}

/** Null until a response has mentioned a limit. */
export const limitLeft = (): LimitLeft | null => last;
