import { expires, POLL_MS, sleep } from '../../deadline.ts';
import { topicMayBeDeleted, topicNotFound } from '../../messages/topics.ts';
import { askController, CHANGE_MS } from '../cluster/ask-controller.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { NONE, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import { connectionError, isFinal } from '../failures.ts';
import { deleteTopics } from '../protocol/delete-topics.ts';

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
  await untilGone(cluster, name, Math.min(deadline, Date.now() + GONE_MS));
}

/** Stops waiting when the time is over: the topic is deleted, and will be gone. */
async function untilGone(cluster: Cluster, name: string, deadline: number): Promise<void> {
  while (Date.now() + POLL_MS < deadline) {
    try {
      const asking = cluster.metadata([name]);
      if (await expires(asking, deadline)) return;
      const { topics } = await asking;
      if (topics.every(({ error }) => error !== NONE)) return;
    } catch (error) {
      if (isFinal(connectionError(error))) return;
    }
    await sleep(20);
  }
}
