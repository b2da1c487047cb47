import { randomUUID } from 'node:crypto';
import { pauseBefore, sleep } from '../deadline.ts';
import { GatewayError } from '../errors.ts';
import { keyInUse, keyNotLookedUp, keyReused, outcomeUnknown } from '../messages/idempotency.ts';
import { log } from '../telemetry/log.ts';
import type { Answer, Claim, Entry, EntryStore, Fate } from './entry.ts';

/** A request that is to have its effect once. */
export interface OnceRequest extends Pick<Claim, 'id' | 'fingerprint'> {
  /** How long its key is remembered. */
  lifetimeMs: number;
  /** When the answer must be known, in Unix milliseconds. */
  deadline: number;
}

/** What a request did, and what its caller is told: an answer, or an error that is thrown. */
export type Done = { fate: 'settled' | 'undone'; answer: Answer } | { fate: 'undone' | 'unsure'; error: unknown };

/** Kept back of a request's time to note what became of it. */
const SETTLE_MS = 500;
/** Behind its deadline a request has surely ended: its function was stopped, and clocks do not differ by more. */
const LEASE_MARGIN_MS = 5000;
/** Time to take back a claim that perhaps was made. */
const WITHDRAW_MS = 1000;
/** Between looks at a request that is still being done. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;

/**
 * Does something once for all requests of one key. The first one does it; the others get its answer, and wait for it while it is still
 * being done. Where it had no effect, the next one does it.
 *
 * @param act gets the deadline it has to keep; a GatewayError that it throws means that it had no effect
 * @throws {GatewayError} IdempotencyKeyReused for another request with the key; IdempotencyKeyInUse when the first one is not done at the
 *   deadline; OutcomeUnknown when nobody knows what became of it; StorageUnavailable, and nothing was done; else what `act` gave or threw
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
    if (Date.now() + pause >= request.deadline) {
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
    const found = await store.claim(claim, deadline);
    // Our own, when the first answer of the store was lost and it was asked again.
    return found?.claimedBy === claim.claimedBy ? null : found;
  } catch (cause) {
    await withdraw(store, claim, deadline);
    throw keyNotLookedUp.with({ cause });
  }
}

/** It may have got through all the same, and would then bar the key for a request that did nothing. */
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

/** The caller learns what became of the request even if the store does not; to others it is unsure then, from the end of the lease on. */
async function note(store: EntryStore, claim: Claim, fate: Fate, deadline: number): Promise<void> {
  try {
    await store.settle(claim, fate, deadline);
  } catch (error) {
    const fields = { fate: fate.fate, entry: claim.id, error };
    log.error('idempotency_outcome_lost', 'What became of a request is not noted under its Idempotency-Key', fields);
  }
}

/** The answer to give again; null while there is none yet. */
function answerIn(found: Entry, { fingerprint }: Claim): Answer | null {
  if (!Buffer.from(found.fingerprint).equals(fingerprint)) {
    throw keyReused();
  }
  if (found.fate === 'settled') return found.answer;
  // One that did nothing is claimed on the next try.
  if (found.fate === 'undone' || (found.fate === 'running' && Date.now() < found.leaseUntil)) return null;
  const since = new Date(found.claimedAt).toISOString();
  throw outcomeUnknown(since);
}
