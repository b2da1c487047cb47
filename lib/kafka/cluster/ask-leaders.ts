import { expires, pauseBefore, sleep } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { partitionUnavailable } from '../../messages/kafka.ts';
import { partitionNotFound, topicNotFound } from '../../messages/topics.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { isPassing, kafkaError, LEADER_NOT_AVAILABLE, NONE, NOT_LEADER, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import { atDeadline, connectionError, isFinal } from '../failures.ts';
import { keyOf } from '../partition-key.ts';
import type { Use } from './broker-connections.ts';
import type { AskForTopics, Cluster } from './cluster.ts';
import { knownTopic } from './known-topics.ts';
import type { KnownTopic } from './learn-topic.ts';
import { logRetry } from './retry.ts';
import { type Attempt, isDeposed, type Led, successorOf } from './successor.ts';

/** A leader's answer for one of its partitions. */
interface PartitionAnswer {
  partition: number;
  error: number;
}

/** Asks one leader about its partitions. */
type Ask<Asked, Answer> = (connection: BrokerConnection, partitions: Asked[]) => Promise<Answer[]>;

/**
 * Reads from the leaders of a topic's partitions: one request to each leader, all at the same time. Asks again where a leader moved or
 * did not answer, until every partition has an answer.
 *
 * @param partitions null for all partitions of the topic
 * @param deadline Unix milliseconds
 * @param use what the connections are for
 * @returns answers in the order of the partitions
 * @throws {GatewayError} TopicNotFound, PartitionNotFound, Kafka's refusal; KafkaUnavailable or DeadlineExceeded at the deadline
 */
export async function askLeaders<Answer extends PartitionAnswer>(
  cluster: Cluster,
  topic: string,
  partitions: readonly number[] | null,
  deadline: number,
  ask: Ask<number, Answer>,
  use?: Use,
): Promise<Answer[]> {
  // All partitions means those that exist now: older metadata may lack new ones.
  const known =
    partitions === null
      ? await knownTopic(cluster, topic, deadline, Date.now())
      : await knownPartitions(cluster, topic, partitions, deadline);
  const wanted = (partitions ?? [...known.leaders.keys()].sort((a, b) => a - b)).map((partition) => ({ topic, partition }));
  const askOf = async (connection: BrokerConnection, led: Led[]) => {
    const answers = await ask(
      connection,
      led.map(({ partition }) => partition),
    );
    return answers.map((answer) => ({ ...answer, topic }));
  };
  return askLeadersOf(cluster, wanted, deadline, askOf, use);
}

/**
 * The same for partitions of several topics that are known already: one request to each leader, for all the partitions that it leads.
 *
 * @returns answers in the order of the partitions
 * @throws {GatewayError} as {@link askLeaders}
 */
export async function askLeadersOf<Asked extends Led, Answer extends PartitionAnswer & Led>(
  cluster: Cluster,
  wanted: readonly Asked[],
  deadline: number,
  ask: Ask<Asked, Answer>,
  use?: Use,
): Promise<Answer[]> {
  const answers = new Map<string, Answer>();
  let failure: GatewayError | null = null;
  for (let tries = 0; ; tries++) {
    const left = wanted.filter((one) => !answers.has(keyOf(one)));
    if (tries > 0) {
      logRetry(tries, failure);
      await sleep(pauseBefore(tries));
      await refresh(cluster, left, deadline);
    }
    const round = askOnce(cluster, left, deadline, ask, use);
    if (await expires(round, deadline)) throw atDeadline(failure, deadline);
    for (const result of await round) {
      if (result instanceof GatewayError) failure = result;
      else if (result.error === NONE) answers.set(keyOf(result), result);
      else failure = refusal(result.topic, result.error);
    }
    const found = wanted.flatMap((one) => answers.get(keyOf(one)) ?? []);
    if (found.length === wanted.length) return found;
    if (failure !== null && isFinal(failure)) throw failure;
    if (Date.now() + pauseBefore(tries + 1) >= deadline) break;
  }
  // Kafka has answered: no leader is known.
  throw atDeadline(failure ?? kafkaError(LEADER_NOT_AVAILABLE), deadline);
}

/**
 * Asks the leaders of partitions once: one request to each, all at the same time. Leaves out partitions without a known leader.
 *
 * @returns the leaders' answers, in any order, and an error for each leader that did not answer
 */
export async function askOnce<Asked extends Led, Answer>(
  cluster: Cluster,
  wanted: readonly Asked[],
  deadline: number,
  ask: Ask<Asked, Answer>,
  use?: Use,
): Promise<(Answer | GatewayError)[]> {
  const asking = [...byLeader(cluster, wanted)].map(([leader, led]) => askLeader(cluster, leader, led, deadline, ask, use));
  return (await Promise.all(asking)).flat();
}

/** Partitions that the known metadata lacks may be new: asks for metadata again, once. */
async function knownPartitions(cluster: Cluster, topic: string, partitions: readonly number[], deadline: number): Promise<KnownTopic> {
  const began = Date.now();
  const isMissing = ({ leaders }: KnownTopic) => partitions.find((partition) => !leaders.has(partition));
  let known = await knownTopic(cluster, topic, deadline);
  if (isMissing(known) !== undefined && known.asOf < began) known = await knownTopic(cluster, topic, deadline, began);
  const missing = isMissing(known);
  if (missing !== undefined) throw partitionNotFound(topic, missing, known.leaders.size);
  return known;
}

/** Partitions by their known leader, in the given order for each. Leaves out partitions without a known leader. */
export function byLeader<Asked extends Led>(cluster: Cluster, partitions: readonly Asked[]): Map<number, Asked[]> {
  const groups = new Map<number, Asked[]>();
  for (const one of partitions) {
    const leader = cluster.known(one.topic)?.leaders.get(one.partition) ?? -1;
    if (leader < 0) continue;
    const group = groups.get(leader);
    if (group) group.push(one);
    else groups.set(leader, [one]);
  }
  return groups;
}

interface AskAttempt extends Attempt {
  connection: BrokerConnection | null;
}

/** Asks a suspect leader and watches metadata for its successor at the same time, until one of the two ends. */
async function askLeader<Asked extends Led, Answer>(
  cluster: Cluster,
  leader: number,
  led: Asked[],
  deadline: number,
  ask: Ask<Asked, Answer>,
  use?: Use,
): Promise<(Answer | GatewayError)[]> {
  const suspected = cluster.isSuspect(leader);
  const attempt: AskAttempt = { over: false, connection: null };
  const asking = async (): Promise<Answer[]> => {
    let connection = await cluster.connectionTo(leader, use);
    while (connection.waiting) connection = await cluster.connectionTo(leader, use);
    attempt.connection = connection;
    connection.mustHearBefore(deadline);
    return ask(connection, led);
  };
  const watching = async (): Promise<null> => {
    await successorOf(cluster, leader, led, attempt);
    return null;
  };
  try {
    const answers = await (suspected ? Promise.race([asking(), watching()]) : asking());
    // A leader that was silent may have been deposed without knowing it, and answer from a log that has moved on elsewhere.
    if (answers === null || (suspected && (await isDeposed(cluster, leader, led)))) return [kafkaError(NOT_LEADER)];
    if (attempt.connection) cluster.trust(attempt.connection.address);
    return answers;
  } catch (error) {
    if (attempt.connection?.closed) cluster.suspect(attempt.connection.address);
    return [connectionError(error)];
  } finally {
    attempt.over = true;
  }
}

/**
 * Refreshes the leaders of partitions. If that fails in passing, the request goes on with the leaders known so far.
 *
 * @param ask asks for the ids of their topics, too
 * @throws {GatewayError} TopicNotFound, PartitionNotFound, Forbidden: errors that no retry mends
 */
export async function refresh(
  cluster: Cluster,
  partitions: readonly Led[],
  deadline: number,
  ask: AskForTopics | null = null,
): Promise<void> {
  try {
    await expires(cluster.refresh([...new Set(partitions.map(({ topic }) => topic))], 0, ask), deadline);
  } catch (error) {
    if (isFinal(connectionError(error))) throw error;
  }
  for (const { topic, partition } of partitions) {
    const { error = NONE, leaders } = cluster.known(topic) ?? {};
    if (error === UNKNOWN_TOPIC_OR_PARTITION) throw topicNotFound(topic);
    if (error !== NONE && !isPassing(error)) throw kafkaError(error);
    if (error === NONE && leaders?.has(partition) === false) throw partitionNotFound(topic, partition, leaders.size);
  }
}

/** The error for a leader's refusal. A leader that does not know the partition has older or newer metadata than we: refresh it to tell. */
export function refusal(topic: string, error: number): GatewayError {
  if (error !== UNKNOWN_TOPIC_OR_PARTITION) return kafkaError(error);
  return partitionUnavailable.with({ cause: topicNotFound(topic) });
}
