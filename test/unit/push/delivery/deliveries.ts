import { randomBytes } from 'node:crypto';
import { beforeEach } from 'node:test';
import type { Answer } from '../../../../lib/push/attempt/post.ts';
import { signerOf } from '../../../../lib/push/attempt/signature.ts';
import { Deliverer } from '../../../../lib/push/delivery/deliverer.ts';
import type { RunEnd } from '../../../../lib/push/delivery/run.ts';
import { newTally, type Tally } from '../../../../lib/push/delivery/tally.ts';
import { type Notes, noNotes } from '../../../../lib/push/subscription/notes.ts';
import type { Definition } from '../../../../lib/push/subscription/subscription.ts';
import { FastClock } from '../../../harness/push/fast-clock.ts';
import { MemoryLog } from '../../../harness/push/memory-log.ts';
import { subscriptionOf } from '../../../harness/push/subscription-of.ts';

interface Sent {
  id: string;
  value: string;
  at: number;
}

const signer = signerOf(`whsec_${randomBytes(32).toString('base64')}`);
export const ok: Answer = { status: 204, headers: {}, text: '' };
export const status = (code: number, headers: Record<string, string> = {}): Answer => ({ status: code, headers, text: 'no' });

export let log: MemoryLog;
export let clock: FastClock;
export let notes: Notes;
export let sent: Sent[];
export let disabled: string[];
export let tally: Tally;
/** Until when the lease is this process's. */
let heldUntil: number;
/** Topics for which the owner has no grant any more. */
export let takenBack: Set<string>;

beforeEach(() => {
  takenBack = new Set();
  heldUntil = Number.POSITIVE_INFINITY;
  log = new MemoryLog();
  clock = new FastClock();
  notes = noNotes();
  sent = [];
  disabled = [];
  tally = newTally();
});

/** Delivers as one process would, for so many milliseconds of the clock. */
export async function run(
  ms: number,
  answer: (value: string, sent: number) => Answer | Error,
  definition: Partial<Definition> = {},
  answersAfter = 0,
): Promise<RunEnd> {
  const deliverer = new Deliverer(subscriptionOf(definition), log, notes, {
    ...{ clock, tally, now: clock.now, heldUntil: () => heldUntil },
    async post(_url, headers, body) {
      const value = body.toString();
      sent.push({ id: headers['webhook-id'], value, at: clock.now() });
      if (answersAfter > 0) await clock.wait(answersAfter, AbortSignal.any([]));
      const given = answer(value, sent.filter((one) => one.value === value).length);
      if (given instanceof Error) throw given;
      return given;
    },
    secrets: { signers: async () => [signer], authorization: async () => null, tokenClient: async () => null, renew: async () => false },
    authorization: { headers: async () => ({}), refused: async () => false },
    note: async () => undefined,
    disable: async (reason) => void disabled.push(reason),
    endReplay: async () => undefined,
    mayDeliver: (topic) => !takenBack.has(topic),
  });
  return deliverer.run(clock.now() + ms, false);
}

export const values = () => sent.map(({ value }) => value);

/** Ends the lease of this process. */
export const endLease = (): void => {
  heldUntil = 0;
};
