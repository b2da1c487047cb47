import { readAccess } from '../../lib/config/access.ts';
import type { Environment } from '../../lib/config/environment-reader.ts';
import { readPush } from '../../lib/config/push.ts';

/** As on AWS. */
const INVOCATION_MS = 80_000;
const PAUSE_MS = 1000;
/** So that what fails for long does not fill the log. */
const AFTER_FAILURE_MS = 10_000;
/** Between two looks with GATEWAY_PUSH=until-idle. */
const LOOK_MS = 60_000;

/**
 * Replaces AWS's schedule where the gateway has subscriptions: runs the function `deliver` again and again until this process ends. Its
 * code is loaded with the first run, so that it does not slow down the start.
 */
export function startDeliveries(environment: Environment): void {
  const config = readPush(environment);
  if (config === null || readAccess(environment).modes.includes('passthrough')) return;
  const work = async (): Promise<void> => {
    let pause = config.whileIdle ? PAUSE_MS : LOOK_MS;
    try {
      const { handler } = await import('../../functions/deliver.ts');
      await handler({}, { getRemainingTimeInMillis: () => INVOCATION_MS });
    } catch {
      // The function has logged why.
      pause = Math.max(pause, AFTER_FAILURE_MS);
    }
    setTimeout(work, pause);
  };
  setTimeout(work, PAUSE_MS);
}
