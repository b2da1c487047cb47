import { log } from '../telemetry/log.ts';

/** A task that remains after a request has its answer; its failure is logged. */
export type EndTask = () => void | Promise<void>;

/** Does what was left to do at the end. It always resolves. */
export async function doAll(tasks: readonly EndTask[], requestId: string): Promise<void> {
  for (const task of tasks) {
    try {
      await task();
    } catch (error) {
      log.warn('cleanup_failed', 'What was to be done after the request failed', { requestId, error });
    }
  }
}
