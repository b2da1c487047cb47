import type { Operation } from '../access/operations.ts';
import type { Pattern } from '../access/pattern.ts';

/** Units that are counted. Records and bytes are those that a request produces. */
export const units = ['requests', 'records', 'bytes'] as const;
export type Unit = (typeof units)[number];

/** By what callers are told apart; each combination of values has a count of its own. A `header:` name is in lower case. */
export type KeyPart = 'principal' | 'api-key' | 'source-address' | 'topic' | `header:${string}`;

/** A limit, as {@link parseRules} reads it. */
export type Rule = RuleScope & (SlottedLimit | BucketLimit);

interface RuleScope {
  /** For people: in the log. */
  name: string;
  /** Names the rule's counts. It changes with what is counted, not with how much of it is allowed. */
  id: string;
  /** Sorted; empty: all requests share one count. */
  key: readonly KeyPart[];
  of: Unit;
  /** Null in the next three: all. */
  operations: readonly Operation[] | null;
  topics: readonly Pattern[] | null;
  principals: readonly Pattern[] | null;
  refusal: Refusal;
}

/** The answer to a refused caller. Null: the message says which limit it was. */
export interface Refusal {
  status: number;
  code: number;
  message: string | null;
}

/**
 * A limit on the uses that are counted in a slot of time. A use counts in the slot of its time and in those that follow, `slots` in all:
 * one for a fixed window; those that a window can reach into for a sliding one; those that a lease lasts for concurrency.
 */
export interface SlottedLimit {
  kind: 'fixed-window' | 'sliding-window' | 'concurrency';
  limit: number;
  slotMs: number;
  slots: number;
}

/** A bucket that holds `burst` and leaks at `rate`. */
export interface BucketLimit {
  kind: 'leaky-bucket';
  /** A second. */
  rate: number;
  burst: number;
  /** The longest wait of what overflows. */
  delayMs: number;
}

/** The most that one request may use: what is more can never pass. */
export const capacityOf = (rule: Rule): number =>
  rule.kind === 'leaky-bucket' ? rule.burst + (rule.rate * rule.delayMs) / 1000 : rule.limit;

/** The limit as its callers know it. */
export const limitOf = (rule: Rule): number => (rule.kind === 'leaky-bucket' ? rule.burst : rule.limit);

/** The time for which a count matters after its last use. */
export const lifetimeMs = (rule: Rule): number =>
  rule.kind === 'leaky-bucket' ? (rule.burst / rule.rate) * 1000 + rule.delayMs : rule.slotMs * rule.slots;

/** The limit in words. */
export function describeLimit(rule: Rule): string {
  switch (rule.kind) {
    case 'concurrency':
      return `${rule.limit} requests at a time`;
    case 'leaky-bucket':
      return `${rule.rate} ${rule.of} a second, ${rule.burst} at once`;
    case 'fixed-window':
      return `${rule.limit} ${rule.of} in ${rule.slotMs / 1000} s`;
    case 'sliding-window':
      return `${rule.limit} ${rule.of} in ${(rule.slotMs * (rule.slots - 1)) / 1000} s`;
  }
}
