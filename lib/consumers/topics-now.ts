import { GatewayError } from '../errors.ts';
import type { Cluster } from '../kafka/cluster/cluster.ts';
import { topicNames } from '../kafka/topics/topic-names.ts';
import { eachTopicWithId } from '../kafka/topics/topics-with-ids.ts';
import { patternNotRead } from '../messages/consumers.ts';
import { topicPattern } from '../topic-pattern/topic-pattern.ts';
import { type StoredGroup, type StoredMember, topicsOf } from './stored-group.ts';

/** What Kafka says about topics. */
export interface TopicsSeen {
  /** When it was asked, in Unix milliseconds. */
  readonly asOf: number;
  /** Partitions of each topic; null if it does not exist. Topics about which nothing could be learnt are left out. */
  readonly counts: ReadonlyMap<string, number | null>;
  /** Ids of topics that have one: brokers older than Kafka 3.0, and some that are not Apache Kafka, tell none. */
  readonly ids: ReadonlyMap<string, string>;
}

/** What Kafka says about the topics of a group. */
export interface TopicsNow extends TopicsSeen {
  /** Topics that the pattern of the member matches. */
  readonly matched: readonly string[];
}

/** How long new partitions, new topics and recreated topics may stay unseen. */
const SEEN_WITHIN_MS = 5000;
/** What is not known by then is taken as it was before. */
const LOOK_MS = 3000;

/**
 * Looks at the topics that members of a group read, as of a few seconds ago at most.
 *
 * @param newerThan what was known before this time is too old (Unix milliseconds)
 * @throws {GatewayError} InvalidRecord for a pattern that cannot be read; Forbidden for a topic that the member names
 */
export async function topicsNow(
  cluster: Cluster,
  group: StoredGroup,
  member: StoredMember,
  deadline: number,
  newerThan = Date.now() - SEEN_WITHIN_MS,
): Promise<TopicsNow> {
  const { pattern } = member;
  const matches = pattern === '' ? null : readPattern(pattern);
  const matched = matches === null ? [] : (await topicNames(cluster, deadline, newerThan)).filter(matches);
  const others = group.live(Date.now()).flatMap(([, other]) => [...topicsOf(other)]);
  const byHand = group.placesOf(member).map(({ topic }) => topic);
  const names = new Set([...others, ...member.topics, ...matched, ...byHand]);
  return { ...(await look(cluster, [...names], deadline, newerThan, member.topics)), matched };
}

/**
 * Looks at topics, as {@link topicsNow} does.
 *
 * @param named topics for which it is an error if they may not be described
 */
export async function look(
  cluster: Cluster,
  names: readonly string[],
  deadline: number,
  newerThan = Date.now() - SEEN_WITHIN_MS,
  named: readonly string[] = [],
): Promise<TopicsSeen> {
  const found = await eachTopicWithId(cluster, names, Math.min(deadline, Date.now() + LOOK_MS), newerThan);
  const counts = new Map<string, number | null>();
  const ids = new Map<string, string>();
  let asOf = Date.now();
  for (const [name, topic] of found) {
    if (!(topic instanceof GatewayError)) {
      counts.set(name, topic.leaders.size);
      if (topic.id !== '') ids.set(name, topic.id);
      asOf = Math.min(asOf, topic.asOf, topic.idAsOf);
    } else if (topic.name === 'TopicNotFound') counts.set(name, null);
    else if (topic.name === 'Forbidden' && named.includes(name)) throw topic;
  }
  return { asOf, counts, ids };
}

function readPattern(pattern: string): (name: string) => boolean {
  try {
    return topicPattern(pattern);
  } catch (error) {
    throw error instanceof GatewayError ? patternNotRead.with({ cause: error }, error.what) : error;
  }
}
