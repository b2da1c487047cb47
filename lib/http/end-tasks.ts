import { log } from '../telemetry/log.ts';

/** A task that runs once a request has its response. Its failure is only logged. */
export type EndTask = () => void | Promise<void>;

/** Runs the tasks in order. It always resolves. */
export async function doAll(tasks: readonly EndTask[], requestId: string): Promise<void> {
  for (const task of tasks) {
    try {
      await task();
    } catch (error) {
      log.warn('cleanup_failed', 'Work that follows a request failed', { requestId, error });
    }
  }
}
