import type { Clock } from '../clock.ts';

/**
 * Takes connections out of their shard one after the other, because all of them change its item, for a time at most.
 *
 * @param leave takes one out
 * @returns those that are left, and the last error
 */
export async function leaveInTurn(
  connections: readonly string[],
  leave: (connection: string) => Promise<void>,
  { clock, longestMs }: { clock: Clock; longestMs: number },
): Promise<{ left: string[]; error: unknown }> {
  const until = clock.now() + longestMs;
  const left: string[] = [];
  let error: unknown = null;
  for (const connection of connections) {
    if (clock.now() >= until) left.push(connection);
    else {
      await leave(connection).catch((cause: unknown) => {
        error = cause;
        left.push(connection);
      });
    }
  }
  return { left, error };
}
