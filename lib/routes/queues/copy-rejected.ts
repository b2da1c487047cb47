import { GatewayError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { copyRange, type DeadLetterTopic } from '../../kafka/share-groups/dead-letters.ts';
import { TOPIC_GONE } from '../../kafka/share-groups/settle.ts';
import { topicIdsNow } from '../../kafka/topics/topic-ids-now.ts';
import { noLongerHeld } from '../../messages/queues.ts';
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
  // The lock has ended: the records may be someone else's now.
  const ranges = receipts.map(({ until, sessions }) => (until <= Date.now() ? [] : sessions.flatMap((session) => session.ranges)));
  const copied = new Set(ranges.flat().flatMap(({ topic }) => (topicOf(topic) === null ? [] : [topic])));
  const ids = copied.size === 0 ? null : topicIdsNow(cluster, [...copied], deadline);
  return Promise.all(
    ranges.map(async (ofReceipt) => {
      try {
        for (const range of ofReceipt) {
          if (!copied.has(range.topic)) continue;
          // A topic that was recreated has other records at these offsets.
          if ((await ids)?.get(range.topic) !== range.topicId) return noLongerHeld(TOPIC_GONE);
          await copyRange(cluster, range, topicOf, reason ?? 'rejected', deadline);
        }
        return null;
      } catch (error) {
        if (error instanceof GatewayError) return error;
        throw error;
      }
    }),
  );
}
