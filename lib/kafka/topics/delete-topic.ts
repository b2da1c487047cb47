import { topicMayBeDeleted, topicNotFound } from '../../messages/topics.ts';
import { askController, CHANGE_MS } from '../cluster/ask-controller.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { NONE, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import { deleteTopics } from '../protocol/delete-topics.ts';
import { lookUntil } from './look-until.ts';

/** Brokers learn of a deletion within moments; before that, a request to one of them would still find the topic. */
const GONE_MS = 5000;

/**
 * Deletes a topic and its records, and waits until brokers say that it is gone.
 *
 * @throws {GatewayError} TopicNotFound, Forbidden, InvalidArgument if Kafka is set to delete no topics, KafkaUnavailable …
 */
export async function deleteTopic(cluster: Cluster, name: string, deadline: number): Promise<void> {
  const explain = (error: number) => (error === UNKNOWN_TOPIC_OR_PARTITION ? topicNotFound(name) : null);
  await askController(cluster, deleteTopics(name, CHANGE_MS), deadline, topicMayBeDeleted, explain);
  await lookUntil(cluster, name, Math.min(deadline, Date.now() + GONE_MS), (topic) => topic?.error !== NONE);
}
