import { GatewayError } from '../../errors.ts';
import { topicNotFound } from '../../messages/topics.ts';
import { kafkaError, LEADER_NOT_AVAILABLE, NONE, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import { isFinal } from '../failures.ts';
import type { AskForTopics, Cluster } from './cluster.ts';
import type { KnownTopic } from './learn-topic.ts';
import { again } from './retry.ts';

/** A topic that was deleted so lately may have been made again, and not every broker have heard of it. */
const LATELY_MS = 30_000;
/** How long it is looked for then. */
const LOOK_MS = 500;

/**
 * A topic's partitions and their leaders, from what is known or from Kafka. A topic that does not exist is found out within one round
 * trip, unless this process has used it lately; while no broker answers, they are asked again until the deadline (Unix milliseconds).
 *
 * @param newerThan metadata from before this time does not do (Unix milliseconds)
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
 * The same for several topics, in one request for all that are not known: of each what is known of it, or why nothing is. It never throws
 * for one of them.
 *
 * @param ask for their ids, which then have to be as young
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

/** What is known of a topic after it was asked for, since `began`. */
function outcomeOf(cluster: Cluster, name: string, began: number, newerThan: number): KnownTopic | GatewayError {
  const topic = cluster.known(name);
  if (topic !== undefined && topic.error !== UNKNOWN_TOPIC_OR_PARTITION) return unusable(topic, newerThan) ?? topic;
  const lately = began - (topic?.missingSince ?? 0) < LATELY_MS;
  return lately && Date.now() - began < LOOK_MS ? kafkaError(LEADER_NOT_AVAILABLE) : topicNotFound(name);
}

/**
 * Several topics, in one request for those that are not known; those that do not exist are left out.
 *
 * @param newerThan metadata from before this time does not do (Unix milliseconds)
 * @throws {GatewayError} Forbidden when one of them may not be described, KafkaUnavailable …
 */
export async function knownTopics(
  cluster: Cluster,
  names: readonly string[],
  deadline: number,
  newerThan = 0,
): Promise<Map<string, KnownTopic>> {
  const fresh = new Map(names.map((name) => [name, freshTopic(cluster, name, newerThan)]));
  const unknown = names.filter((name) => fresh.get(name) === undefined);
  const existing = (): Map<string, KnownTopic> => {
    const found = new Map<string, KnownTopic>();
    for (const name of names) {
      const topic = cluster.known(name) ?? fresh.get(name);
      if (topic === undefined || topic.error === UNKNOWN_TOPIC_OR_PARTITION) continue;
      const error = unusable(topic, newerThan);
      if (error !== null) throw error;
      found.set(name, topic);
    }
    return found;
  };
  if (unknown.length === 0) return existing();
  return again(deadline, async () => {
    await cluster.refresh(unknown, newerThan);
    return existing();
  });
}

/** What is kept of a topic while it may be deleted, or made anew, is not new. */
function unusable({ error, leaders, missingSince }: KnownTopic, newerThan: number): GatewayError | null {
  const isOld = newerThan > 0 && missingSince !== null;
  return error !== NONE && (leaders.size === 0 || isOld) ? kafkaError(error) : null;
}

/** A topic's partitions and their leaders if they are known, as of `newerThan` or later, and need not be asked for. */
export function freshTopic(cluster: Cluster, name: string, newerThan = 0): KnownTopic | undefined {
  const known = cluster.known(name);
  return known !== undefined && cluster.isFresh(known) && known.asOf >= newerThan ? known : undefined;
}
