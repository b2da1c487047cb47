import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

/** Less than a test may take; far more than a busy machine needs. */
const TIMEOUT_MS = 120_000;

/** Waits until a condition holds, and checks it every few milliseconds; rejects with the condition's errors. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `still not so after ${TIMEOUT_MS / 1000} s: ${condition}`);
    await delay(20);
  }
}
