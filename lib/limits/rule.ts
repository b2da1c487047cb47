import type { Operation } from '../access/operations.ts';
import type { Pattern } from '../access/pattern.ts';

/** The units of limits. Records and bytes are those that a request produces. */
export const units = ['requests', 'records', 'bytes'] as const;
export type Unit = (typeof units)[number];

/** What distinguishes callers; each combination of values has its own count. A `header:` name is in lower case. */
export type KeyPart = 'principal' | 'api-key' | 'source-address' | 'topic' | `header:${string}`;

/** A limit, as {@link parseRules} reads it. */
export type Rule = RuleScope & (SlottedLimit | BucketLimit);

interface RuleScope {
  /** For people, in the log. */
  name: string;
  /** Names the rule's counts. It depends on what is counted, not on how much is allowed. */
  id: string;
  /** Sorted; if empty, all requests share one count. */
  key: readonly KeyPart[];
  of: Unit;
  /** In this and the next two, null means all. */
  operations: readonly Operation[] | null;
  topics: readonly Pattern[] | null;
  principals: readonly Pattern[] | null;
  refusal: Refusal;
}

/** The response to a refused caller. A null message: the error names the limit. */
export interface Refusal {
  status: number;
  code: number;
  message: string | null;
}

/**
 * A limit on the uses that count in a slot of time. A use counts in its own slot and the following ones, `slots` in all: one for a fixed
 * window; all that a window can touch for a sliding one; all that a lease lasts for concurrency.
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
  /** Per second. */
  rate: number;
  burst: number;
  /** How long overflow may wait at most. */
  delayMs: number;
}

/** The most that one request may use; one that needs more never passes. */
export const capacityOf = (rule: Rule): number =>
  rule.kind === 'leaky-bucket' ? rule.burst + (rule.rate * rule.delayMs) / 1000 : rule.limit;

/** The limit as the response headers show it. */
export const limitOf = (rule: Rule): number => (rule.kind === 'leaky-bucket' ? rule.burst : rule.limit);

/** How long a count matters after its last use. */
export const lifetimeMs = (rule: Rule): number =>
  rule.kind === 'leaky-bucket' ? (rule.burst / rule.rate) * 1000 + rule.delayMs : rule.slotMs * rule.slots;

/** The limit in words, for error messages. */
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
