import type { Notes } from '../../push/notes.ts';
import { groupOf, type Subscription } from '../../push/subscription.ts';

/** How far a subscription is behind. */
export interface Behind {
  /** Records that were not delivered yet, of all partitions; null where that is not known. */
  readonly lag: number | null;
}

/** A subscription in an answer. Secrets have only their names in it. */
export const shownSubscription = ({ name, version, definition, state, reason, verified, replay, createdAt, updatedAt }: Subscription) => ({
  ...{ name, state, reason, version },
  ...definition,
  verified: verified === definition.url,
  replaying: replay !== null,
  consumer_group: groupOf(name),
  created: new Date(createdAt).toISOString(),
  updated: new Date(updatedAt).toISOString(),
});

/** What is known of its deliveries. */
export const shownNotes = (notes: Notes, { lag }: Behind) => ({
  lag,
  delivered: notes.delivered,
  dead_lettered: notes.deadLettered,
  dropped: notes.dropped,
  parked: notes.parked,
  oldest_parked: timeOf(notes.oldestParked),
  last_success: timeOf(notes.lastSuccess),
  failing_since: timeOf(notes.failingSince),
  last_error: notes.lastError === null ? null : { ...notes.lastError, at: timeOf(notes.lastError.at) },
  problem: notes.problem,
});

export const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
