/** How much of the limit that is closest to its end is left to the caller, as the last answer has said. */
export interface LimitLeft {
  limit: string;
  remaining: string;
  /** Seconds until all of it is free again. */
  reset: string;
}

let last: LimitLeft | null = null;

/** Takes note of what an answer says. */
export function noteLimit(headers: Headers): void {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));
  if (limit && remaining && reset) last = { limit, remaining, reset };
}

/** Null as long as no answer has spoken of a limit. */
export const limitLeft = (): LimitLeft | null => last;
