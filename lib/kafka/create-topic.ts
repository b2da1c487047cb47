import { GatewayError } from '../errors.ts';
import { again } from './again.ts';
import type { Cluster } from './cluster.ts';
import { expires, POLL_MS, sleep } from './deadline.ts';
import { connectionError, isFinal, kafkaError, NONE, REQUEST_TIMED_OUT } from './errors.ts';
import { createTopics, type NewTopic } from './protocol/create-topics.ts';

export type { NewTopic };

const CREATE_MS = 10_000;
const ANSWER_MS = CREATE_MS + 2500;
const MOST_SHOWN = 300;

/**
 * Creates a topic and waits until its partitions have leaders, so that what is sent next finds it. It is asked for once: after a lost
 * answer a second try would find the first one's topic and call it a conflict.
 *
 * @throws {GatewayError} TopicExists, InvalidArgument with Kafka's reason, Forbidden, KafkaUnavailable …
 */
export async function createTopic(cluster: Cluster, topic: NewTopic, deadline: number): Promise<void> {
  const { controller } = await again(deadline, () => cluster.metadata([]));
  const connection = await again(deadline, async () => (controller >= 0 ? cluster.connectionTo(controller) : cluster.anyBroker()));
  const creating = connection.send(createTopics(topic, CREATE_MS), ANSWER_MS);
  try {
    if (await expires(creating, deadline)) throw new GatewayError('DeadlineExceeded', UNSURE);
    const { error, message } = await creating;
    if (error === REQUEST_TIMED_OUT) throw new GatewayError('KafkaUnavailable', UNSURE, { cause: kafkaError(error) });
    if (error !== NONE) throw kafkaError(error, message === null ? undefined : `Kafka says: ${shown(message)}`);
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw new GatewayError('KafkaUnavailable', UNSURE, { cause });
  }
  await leadersOf(cluster, topic.name, deadline);
}

const UNSURE = 'Kafka did not answer: the topic may have been created, or may still be. Ask for it before you try again.';

/** Kafka repeats what it was sent, however long, and with whatever characters. */
const shown = (message: string): string => message.slice(0, MOST_SHOWN).replace(/[^ -~]/g, '?');

/** Leaves it at that when the deadline comes: the topic is there, and its leaders will be. */
async function leadersOf(cluster: Cluster, name: string, deadline: number): Promise<void> {
  while (Date.now() + POLL_MS < deadline) {
    try {
      await cluster.refresh([name]);
    } catch (error) {
      if (isFinal(connectionError(error))) return;
    }
    const leaders = [...(cluster.known(name)?.leaders.values() ?? [])];
    if (leaders.length > 0 && leaders.every((leader) => leader >= 0)) return;
    await sleep(20);
  }
}
