import type { Notes } from '../../push/subscription/notes.ts';
import { groupOf, type Subscription } from '../../push/subscription/subscription.ts';

/** The lag of a subscription. */
export interface Behind {
  /** Records not yet delivered, over all partitions; null when unknown. */
  readonly lag: number | null;
}

/** A subscription in a response. Of secrets it shows only the names. */
export const shownSubscription = ({ name, version, definition, state, reason, verified, replay, createdAt, updatedAt }: Subscription) => ({
  ...{ name, state, reason, version },
  ...definition,
  verified: verified === definition.url,
  replaying: replay !== null,
  consumer_group: groupOf(name),
  created: new Date(createdAt).toISOString(),
  updated: new Date(updatedAt).toISOString(),
});

/** The results of a subscription's deliveries. */
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
