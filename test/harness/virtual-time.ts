import type { TestContext } from 'node:test';
import { setImmediate } from 'node:timers';

const LONGEST_MS = 10 * 60_000;

/** Replaces the timers and the clock of this test: time only passes when the test lets it. */
export function stopTime(t: TestContext, now = Date.UTC(2025, 0, 1)): void {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now });
}

/** Lets everything run that does not wait for a timer. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets virtual time pass in small steps until the promise settles. Not for promises that wait for the network or the disk. */
export async function timePasses<T>(t: TestContext, promise: Promise<T>, stepMs = 10): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  promise.then(end, end);
  for (let passed = 0; passed < LONGEST_MS; passed += stepMs) {
    await settled();
    if (over) return promise;
    t.mock.timers.tick(stepMs);
  }
  throw new Error('it did not settle within ten minutes of virtual time');
}

/** Lets this much virtual time pass, in small steps. */
export async function pass(t: TestContext, ms: number, stepMs = 10): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await settled();
    t.mock.timers.tick(Math.min(stepMs, ms - passed));
  }
  await settled();
}
