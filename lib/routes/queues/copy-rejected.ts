import { GatewayError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { copyRanges } from '../../kafka/share-groups/copy-ranges.ts';
import type { DeadLetterTopic } from '../../kafka/share-groups/dead-letters.ts';
import { TOPIC_GONE } from '../../kafka/share-groups/settle.ts';
import { topicIdsNow } from '../../kafka/topics/topic-ids-now.ts';
import { noLongerHeld } from '../../messages/queues.ts';
import type { Receipt, ReceiptRange } from '../../queues/receipt.ts';

/**
 * Copies records to their dead-letter topics before they are rejected.
 *
 * @param reason of the rejection, from the client; null without any
 * @returns for each receipt, why it must not be rejected yet; null when everything is copied, or nothing has to be
 */
export async function copyRejected(
  cluster: Cluster,
  receipts: readonly Receipt[],
  topicOf: DeadLetterTopic,
  reason: string | null,
  deadline: number,
): Promise<(GatewayError | null)[]> {
  // The lock has ended: the records may be someone else's now.
  const held = receipts.flatMap(({ until, sessions }, place) =>
    until <= Date.now() ? [] : sessions.flatMap(({ ranges }) => ranges.map((range) => ({ ...range, place }))),
  );
  const copied = held.filter(({ topic }) => topicOf(topic) !== null);
  const failures = receipts.map((): GatewayError | null => null);
  if (copied.length === 0) return failures;
  try {
    const ids = await topicIdsNow(cluster, [...new Set(copied.map(({ topic }) => topic))], deadline);
    // A topic that was recreated has other records at these offsets.
    const isThere = ({ topic, topicId }: ReceiptRange) => ids.get(topic) === topicId;
    for (const range of copied) if (!isThere(range)) failures[range.place] ??= noLongerHeld(TOPIC_GONE);
    const ranges = copied.filter(({ place }) => failures[place] === null);
    const errors = ranges.length === 0 ? [] : await copyRanges(cluster, ranges, topicOf, reason ?? 'rejected', deadline);
    for (const [i, { place }] of ranges.entries()) failures[place] ??= errors[i];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    for (const { place } of copied) failures[place] ??= error;
  }
  return failures;
}
