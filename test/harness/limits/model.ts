import fc from 'fast-check';

/** The simplest model of a limit of each kind: it looks at all uses so far. */
export interface Model {
  /** JSON of GATEWAY_LIMITS. */
  rule: object;
  /** Whether a use is admitted at a time, in Unix milliseconds. Does not count it. */
  admits(cost: number, now: number): boolean;
  count(cost: number, now: number): void;
  /** What is left at a time. */
  remaining(now: number): number;
}

interface Made {
  cost: number;
  at: number;
}

const total = (uses: readonly Made[]): number => uses.reduce((sum, { cost }) => sum + cost, 0);

export function fixedWindow(limit: number, window: number): Model {
  const made: Made[] = [];
  const inWindow = (now: number) => total(made.filter(({ at }) => Math.floor(at / window / 1000) === Math.floor(now / window / 1000)));
  return {
    rule: { kind: 'fixed-window', limit, window },
    admits: (cost, now) => inWindow(now) + cost <= limit,
    count: (cost, at) => made.push({ cost, at }),
    remaining: (now) => limit - inWindow(now),
  };
}

/** In tenths of the window: earlier tenths count completely. */
export function slidingWindow(limit: number, window: number): Model {
  const made: Made[] = [];
  const tenth = (time: number) => Math.floor(time / (window * 100));
  const recent = (now: number) => total(made.filter(({ at }) => tenth(at) >= tenth(now) - 10));
  return {
    rule: { kind: 'sliding-window', limit, window },
    admits: (cost, now) => recent(now) + cost <= limit,
    count: (cost, at) => made.push({ cost, at }),
    remaining: (now) => limit - recent(now),
  };
}

export function leakyBucket(rate: number, burst: number, delay: number): Model {
  let level = 0;
  let since = 0;
  const levelAt = (now: number) => Math.max(0, level - ((now - since) * rate) / 1000);
  return {
    rule: { kind: 'leaky-bucket', rate, burst, delay },
    // Rounding may cost up to a millionth of a use.
    admits: (cost, now) => levelAt(now) + cost <= burst + rate * delay + 1e-6,
    count(cost, now) {
      level = levelAt(now) + cost;
      since = now;
    },
    remaining: (now) => Math.max(0, Math.floor(burst - levelAt(now) + 1e-6)),
  };
}

/** Any kind of limit with any figures. */
export const anyModel: fc.Arbitrary<() => Model> = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 })).map(
    ([limit, window]) =>
      () =>
        fixedWindow(limit, window),
  ),
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 })).map(
    ([limit, window]) =>
      () =>
        slidingWindow(limit, window),
  ),
  fc.tuple(fc.constantFrom(0.5, 1, 2, 4, 10), fc.integer({ min: 1, max: 12 }), fc.constantFrom(0, 0, 0.5, 2)).map(
    ([rate, burst, delay]) =>
      () =>
        leakyBucket(rate, burst, delay),
  ),
);
