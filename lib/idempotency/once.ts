import { randomUUID } from 'node:crypto';
import { pauseBefore, sleep } from '../deadline.ts';
import { GatewayError } from '../errors.ts';
import { keyInUse, keyNotLookedUp, keyReused, outcomeUnknown } from '../messages/idempotency.ts';
import { log } from '../telemetry/log.ts';
import type { Answer, Claim, Entry, EntryStore, Fate } from './entry.ts';

/** A request that must have its effect at most once. */
export interface OnceRequest extends Pick<Claim, 'id' | 'fingerprint'> {
  /** How long its key is remembered. */
  lifetimeMs: number;
  /** By when the response must be ready, in Unix milliseconds. */
  deadline: number;
}

/** The effect of a request, and its answer or the error to throw. */
export type Done = { fate: 'settled' | 'undone'; answer: Answer } | { fate: 'undone' | 'unsure'; error: unknown };

/** Reserved of a request's time to store its result, or to withdraw its claim: one that is left bars its key. */
const SETTLE_MS = 500;
/** This long after its deadline, a request has surely ended: its function was stopped, and clocks do not differ by more. */
const LEASE_MARGIN_MS = 5000;
/** Time to withdraw a claim that may have been stored. */
const WITHDRAW_MS = 1000;
/** The pauses between checks of a request that is still running. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;

/**
 * Does something once for all requests with one key. The first request does it; the others wait for its answer and get it too. If it had no
 * effect, the next request does it.
 *
 * @param act gets the deadline that it has to keep; if it throws a GatewayError, it had no effect
 * @throws {GatewayError} IdempotencyKeyReused for a different request with the key; IdempotencyKeyInUse when the first one is still running
 * at the deadline; OutcomeUnknown when nobody knows the effect of the first one; StorageUnavailable, and nothing was done; else what `act`
 *   returned as an error or threw
 */
export async function once(
  store: EntryStore,
  request: OnceRequest,
  act: (deadline: number) => Promise<Done>,
): Promise<{ answer: Answer; replayed: boolean }> {
  const claimedBy = randomUUID();
  for (let tries = 1; ; tries++) {
    const claim = claimOf(request, claimedBy);
    const found = await tryToClaim(store, claim, request.deadline);
    if (found === null) return { answer: await perform(store, claim, request.deadline, act), replayed: false };

    const answer = answerIn(found, claim);
    if (answer !== null) return { answer, replayed: true };
    const pause = pauseBefore(tries, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    if (Date.now() + pause >= request.deadline - SETTLE_MS) {
      throw keyInUse();
    }
    await sleep(pause);
  }
}

function claimOf({ id, fingerprint, lifetimeMs, deadline }: OnceRequest, claimedBy: string): Claim {
  const claimedAt = Date.now();
  return { id, fingerprint, claimedBy, claimedAt, leaseUntil: deadline + LEASE_MARGIN_MS, expiresAt: claimedAt + lifetimeMs };
}

async function tryToClaim(store: EntryStore, claim: Claim, deadline: number): Promise<Entry | null> {
  try {
    const found = await store.claim(claim, deadline - SETTLE_MS);
    // Its own claim: the store's first answer was lost, and the request to it was retried.
    return found?.claimedBy === claim.claimedBy ? null : found;
  } catch (cause) {
    await withdraw(store, claim, deadline);
    throw keyNotLookedUp.with({ cause });
  }
}

/** The claim may have been stored despite the error. It would then block the key for a request that did nothing. */
async function withdraw(store: EntryStore, claim: Claim, deadline: number): Promise<void> {
  await note(store, claim, { fate: 'undone' }, Math.min(deadline, Date.now() + WITHDRAW_MS));
}

async function perform(store: EntryStore, claim: Claim, deadline: number, act: (deadline: number) => Promise<Done>): Promise<Answer> {
  let done: Done;
  try {
    done = await act(deadline - SETTLE_MS);
  } catch (error) {
    done = { fate: error instanceof GatewayError ? 'undone' : 'unsure', error };
  }
  await note(store, claim, 'answer' in done ? done : { fate: done.fate }, deadline);
  if ('error' in done) throw done.error;
  return done.answer;
}

/** If the result cannot be stored, the caller still learns it. For others the request counts as unsure once its lease has ended. */
async function note(store: EntryStore, claim: Claim, fate: Fate, deadline: number): Promise<void> {
  try {
    await store.settle(claim, fate, deadline);
  } catch (error) {
    const fields = { fate: fate.fate, entry: claim.id, error };
    log.error('idempotency_outcome_lost', 'The outcome of a request could not be stored under its Idempotency-Key', fields);
  }
}

/** The answer to replay; null when there is none yet. */
function answerIn(found: Entry, { fingerprint }: Claim): Answer | null {
  if (!Buffer.from(found.fingerprint).equals(fingerprint)) {
    throw keyReused();
  }
  if (found.fate === 'settled') return found.answer;
  // The next attempt claims the key of a request that did nothing.
  if (found.fate === 'undone' || (found.fate === 'running' && Date.now() < found.leaseUntil)) return null;
  const since = new Date(found.claimedAt).toISOString();
  throw outcomeUnknown(since);
}
