import { GatewayError } from '../errors.ts';
import type { Cluster } from '../kafka/cluster/cluster.ts';
import { eachTopic } from '../kafka/cluster/known-topics.ts';
import { topicNames } from '../kafka/topics/topic-names.ts';
import { patternNotRead } from '../messages/consumers.ts';
import { topicPattern } from '../topic-pattern/topic-pattern.ts';
import { type StoredGroup, type StoredMember, topicsOf } from './stored-group.ts';

/** What Kafka says of the topics of a group. */
export interface TopicsNow {
  /** When it was asked, in Unix milliseconds. */
  readonly asOf: number;
  /** Partitions of each topic; null for one that there is not. Those of which nothing could be learnt are left out. */
  readonly counts: ReadonlyMap<string, number | null>;
  /** Topics that the pattern of the member matches. */
  readonly matched: readonly string[];
}

/** How long new partitions and topics may stay unseen. */
const SEEN_WITHIN_MS = 5000;
/** What is not known by then is taken as it was. */
const LOOK_MS = 3000;

/**
 * Looks at the topics that members of a group read, as they were a few seconds ago.
 *
 * @param newerThan what was known before does not do (Unix milliseconds)
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
  const names = [...new Set([...others, ...member.topics, ...matched])];
  const found = await eachTopic(cluster, names, Math.min(deadline, Date.now() + LOOK_MS), newerThan);
  const counts = new Map<string, number | null>();
  let asOf = Date.now();
  for (const [name, topic] of found) {
    if (!(topic instanceof GatewayError)) {
      counts.set(name, topic.leaders.size);
      asOf = Math.min(asOf, topic.asOf);
    } else if (topic.name === 'TopicNotFound') counts.set(name, null);
    else if (topic.name === 'Forbidden' && member.topics.includes(name)) throw topic;
  }
  return { asOf, counts, matched };
}

function readPattern(pattern: string): (name: string) => boolean {
  try {
    return topicPattern(pattern);
  } catch (error) {
    throw error instanceof GatewayError ? patternNotRead.with({ cause: error }, error.what) : error;
  }
}
