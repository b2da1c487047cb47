import { GatewayError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { copyRange, type DeadLetterTopic } from '../../kafka/share-groups/dead-letters.ts';
import type { Receipt } from '../../queues/receipt.ts';

/**
 * Copies what is to be rejected to where dead letters go, before it is.
 *
 * @param reason of the rejection, as the client says; null without any
 * @returns for each receipt why it must not be rejected yet; null where all of it was copied, or nothing is to be
 */
export function copyRejected(
  cluster: Cluster,
  receipts: readonly Receipt[],
  topicOf: DeadLetterTopic,
  reason: string | null,
  deadline: number,
): Promise<(GatewayError | null)[]> {
  return Promise.all(
    receipts.map(async ({ until, sessions }) => {
      // What is no longer held is nobody's to copy.
      if (until <= Date.now()) return null;
      try {
        for (const range of sessions.flatMap(({ ranges }) => ranges)) {
          if (topicOf(range.topic) !== null) await copyRange(cluster, range, topicOf, reason ?? 'rejected', deadline);
        }
        return null;
      } catch (error) {
        if (error instanceof GatewayError) return error;
        throw error;
      }
    }),
  );
}
