import { topicInternal } from '../../messages/topics.ts';

/** As in Kafka's own class `Topic`. */
const internalTopics = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state', '__cluster_metadata']);

/**
 * Refuses a topic in which Kafka keeps its own state. Kafka refuses records for it, though not with every client id; but it lets clients
 * create it before Kafka itself does, with settings that lose that state.
 *
 * @throws {GatewayError} InvalidArgument
 */
export function refuseInternal(topic: string): void {
  if (internalTopics.has(topic)) throw topicInternal(topic);
}
