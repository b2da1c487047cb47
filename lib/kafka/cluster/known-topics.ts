import { GatewayError } from '../../errors.ts';
import { topicNotFound } from '../../messages/topics.ts';
import { kafkaError, LEADER_NOT_AVAILABLE, NONE, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import { isFinal } from '../failures.ts';
import type { AskForTopics, Cluster } from './cluster.ts';
import type { KnownTopic } from './learn-topic.ts';
import { again } from './retry.ts';

/** A topic that was deleted this recently may have been recreated, and some brokers may not know it yet. */
const LATELY_MS = 30_000;
/** How long the gateway looks for such a topic. */
const LOOK_MS = 500;

/**
 * A topic's partitions and their leaders, from memory or from Kafka. That a topic does not exist takes one round trip to find out, or
 * more if this process has used it lately. While no broker answers, asks again until the deadline (Unix milliseconds).
 *
 * @param newerThan metadata from before this time is too old (Unix milliseconds)
 * @throws {GatewayError} TopicNotFound, Forbidden, KafkaUnavailable, KafkaAuthentication …
 */
export async function knownTopic(cluster: Cluster, name: string, deadline: number, newerThan = 0): Promise<KnownTopic> {
  const known = freshTopic(cluster, name, newerThan);
  if (known !== undefined) return known;
  const began = Date.now();
  return again(deadline, async () => {
    await cluster.refresh([name], newerThan);
    const topic = outcomeOf(cluster, name, began, newerThan);
    if (topic instanceof GatewayError) throw topic;
    return topic;
  });
}

/**
 * The same for several topics, with one request for all that are not known: for each topic what is known of it, or its error. It never
 * throws for one of them.
 *
 * @param ask asks for their ids, too, which must then be as new as the metadata
 */
export async function eachTopic(
  cluster: Cluster,
  names: readonly string[],
  deadline: number,
  newerThan = 0,
  ask: AskForTopics | null = null,
): Promise<Map<string, KnownTopic | GatewayError>> {
  const began = Date.now();
  const outcomes = new Map<string, KnownTopic | GatewayError>();
  for (const name of names) {
    const known = freshTopic(cluster, name, newerThan);
    if (known !== undefined && (ask === null || known.idAsOf >= newerThan)) outcomes.set(name, known);
  }
  const left = () => names.filter((name) => !outcomes.has(name));
  const look = async (): Promise<void> => {
    const asked = left();
    await cluster.refresh(asked, newerThan, ask);
    let passing: GatewayError | null = null;
    for (const name of asked) {
      const outcome = outcomeOf(cluster, name, began, newerThan);
      if (outcome instanceof GatewayError && !isFinal(outcome)) passing = outcome;
      else outcomes.set(name, outcome);
    }
    if (passing !== null) throw passing;
  };
  if (left().length === 0) return outcomes;
  try {
    await again(deadline, look);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    for (const name of left()) outcomes.set(name, error);
  }
  return outcomes;
}

/** What is known of a topic after a request for it; `began` is when the caller began to ask. */
function outcomeOf(cluster: Cluster, name: string, began: number, newerThan: number): KnownTopic | GatewayError {
  const topic = cluster.known(name);
  if (topic !== undefined && topic.error !== UNKNOWN_TOPIC_OR_PARTITION) return unusable(topic, newerThan) ?? topic;
  const lately = began - (topic?.missingSince ?? 0) < LATELY_MS;
  return lately && Date.now() - began < LOOK_MS ? kafkaError(LEADER_NOT_AVAILABLE) : topicNotFound(name);
}

/**
 * Several topics, with one request for those that are not known. Leaves out topics that do not exist.
 *
 * @param newerThan metadata from before this time is too old (Unix milliseconds)
 * @param ask asks for their ids, too, which must then be as new as the metadata
 * @throws {GatewayError} Forbidden when one of them may not be described, KafkaUnavailable …
 */
export async function knownTopics(
  cluster: Cluster,
  names: readonly string[],
  deadline: number,
  newerThan = 0,
  ask: AskForTopics | null = null,
): Promise<Map<string, KnownTopic>> {
  const fresh = new Map<string, KnownTopic>();
  const unknown: string[] = [];
  for (const name of names) {
    const topic = freshTopic(cluster, name, newerThan);
    if (topic === undefined || (ask !== null && topic.idAsOf < newerThan)) unknown.push(name);
    else fresh.set(name, topic);
  }
  if (unknown.length === 0) return fresh;
  return again(deadline, async () => {
    await cluster.refresh(unknown, newerThan, ask);
    const found = new Map<string, KnownTopic>();
    for (const name of names) {
      const topic = cluster.known(name) ?? fresh.get(name);
      if (topic === undefined || topic.error === UNKNOWN_TOPIC_OR_PARTITION) continue;
      const error = unusable(topic, newerThan);
      if (error !== null) throw error;
      found.set(name, topic);
    }
    return found;
  });
}

/** Leaders that are kept while the topic may be deleted or recreated are too old for `newerThan`. */
function unusable({ error, leaders, missingSince }: KnownTopic, newerThan: number): GatewayError | null {
  const isOld = newerThan > 0 && missingSince !== null;
  return error !== NONE && (leaders.size === 0 || isOld) ? kafkaError(error) : null;
}

/** A topic's partitions and their leaders if they are known, fresh, and as of `newerThan` or later. */
export function freshTopic(cluster: Cluster, name: string, newerThan = 0): KnownTopic | undefined {
  const known = cluster.known(name);
  return known !== undefined && cluster.isFresh(known) && known.asOf >= newerThan ? known : undefined;
}
