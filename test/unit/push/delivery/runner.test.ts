import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Runner, type RunnerTools } from '../../../../lib/push/delivery/runner.ts';
import { newTally } from '../../../../lib/push/delivery/tally.ts';
import { noNotes } from '../../../../lib/push/subscription/notes.ts';
import type { SubscriptionStore } from '../../../../lib/push/subscription/store.ts';
import { FastClock } from '../../../harness/push/fast-clock.ts';
import { MemoryLog } from '../../../harness/push/memory-log.ts';
import { subscriptionOf } from '../../../harness/push/subscription-of.ts';

const DAY_MS = 24 * 3600_000;
const unexpected = (): never => assert.fail('nothing of this is to happen');

/**
 * What a runner does with a paused subscription whose offsets were committed so long ago, and whether it may have the lease. Another process
 * delivers 7 records before it gets the lease.
 */
async function passOver(idleMs: number, isFree: boolean): Promise<{ done: string[]; heldMs: number[] }> {
  const clock = new FastClock();
  const paused = { ...subscriptionOf({}), state: 'paused' as const, createdAt: clock.now() - idleMs };
  const done: string[] = [];
  const heldMs: number[] = [];
  let delivered = 0;
  const store: SubscriptionStore = {
    list: async () => [paused],
    notes: async () => ({ ...noNotes(), delivered }),
    async note(_name, notes) {
      done.push(`note ${notes.delivered}`);
    },
    async lease(_name, state) {
      done.push(`lease ${state}`);
      delivered = 7;
      return isFree ? { subscription: paused, number: 4 } : null;
    },
    async release() {
      done.push('release');
    },
    ...{ get: unexpected, write: unexpected, remove: unexpected, renew: unexpected },
  };
  const log = Object.assign(new MemoryLog(), {
    async refresh(heldUntil: number) {
      done.push('refresh');
      heldMs.push(heldUntil - clock.now());
    },
  });
  const tools: RunnerTools = {
    ...{ store, clock, tally: newTally(), post: unexpected, logOf: () => log, secretsOf: unexpected, mayDeliver: unexpected },
    leaseMs: 10_000,
  };
  await new Runner(tools).run(clock.now() + 1000, false);
  return { done, heldMs };
}

test('the offsets of a subscription that was idle for a day are committed again, under a lease', async () => {
  const { done, heldMs } = await passOver(DAY_MS + 1, true);

  assert.deepEqual(done, ['lease paused', 'refresh', 'note 7', 'release']);
  assert.deepEqual(heldMs, [9000]);
});

test('the offsets of a subscription that another process has the lease of, or that is active by now, are left to it', async () => {
  const { done } = await passOver(DAY_MS + 1, false);

  assert.deepEqual(done, ['lease paused']);
});

test('the offsets of a subscription that was idle for less than a day are left as they are', async () => {
  const { done } = await passOver(DAY_MS - 60_000, true);

  assert.deepEqual(done, []);
});
