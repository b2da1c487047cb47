import { GatewayError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { copyRange, type DeadLetterTopic } from '../../kafka/share-groups/dead-letters.ts';
import type { Receipt } from '../../queues/receipt.ts';

/**
 * Copies records to their dead-letter topics before they are rejected.
 *
 * @param reason of the rejection, from the client; null without any
 * @returns for each receipt, why it must not be rejected yet; null when everything is copied, or nothing has to be
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
      // The lock has ended: the records may be someone else's now.
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
