import { topicInternal } from '../../messages/topics.ts';

/** As Kafka's own `Topic` has them. */
const internalTopics = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state', '__cluster_metadata']);

/**
 * Refuses a topic that Kafka keeps its own state in. Kafka refuses records for it, though not of every client id; but it lets clients
 * create it before Kafka itself does, with settings by which that state is lost.
 *
 * @throws {GatewayError} InvalidArgument
 */
export function refuseInternal(topic: string): void {
  if (internalTopics.has(topic)) throw topicInternal(topic);
}
