import { route } from '../../admission/route.ts';
import { GatewayError } from '../../errors.ts';
import { genericTypes } from '../../http/media-types.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { eachTopic } from '../../kafka/cluster/known-topics.ts';
import { EARLIEST, offsetsOf } from '../../kafka/fetch/list-offsets.ts';
import { lagBetween, offsetsWithEnds } from '../../kafka/groups/lag.ts';
import { type CommittedOffset, fetchOffsets } from '../../kafka/groups/offsets.ts';
import { groupOf, type Subscription } from '../../push/subscription/subscription.ts';
import { grantedTopics } from './granted-topics.ts';
import { maySee, subscriptionOf, topicsCounted } from './named-subscription.ts';
import { pushTools, stored } from './push-tools.ts';
import { shownNotes, shownSubscription } from './shown.ts';

/** How long a subscription waits for its lag to be shown. */
const PATIENCE_MS = 5000;

/** The subscriptions that the caller may see. */
export const subscriptions = route('GET /subscriptions', {
  operation: 'subscribe',
  offers: genericTypes,
  async answer({ request }) {
    const all = await stored(pushTools().store.list(request.deadline));
    const shown = all.filter((one) => maySee(request, one)).map(shownSubscription);
    return { body: JSON.stringify({ subscriptions: shown }) };
  },
});

/** A subscription, its lag, and the results of its last deliveries. */
export const subscription = route('GET /subscriptions/{subscription}', {
  operation: 'subscribe',
  offers: genericTypes,
  find: ({ request }) => subscriptionOf(request),
  topicsFound: ({ found }) => topicsCounted(found),
  async answer({ request, cluster, found }) {
    const notes = await stored(pushTools().store.notes(found.name, request.deadline));
    const lag = await lagWithin(cluster, found, Math.min(request.deadline, Date.now() + PATIENCE_MS));
    return {
      body: JSON.stringify({ ...shownSubscription(found), ...shownNotes(notes, { lag }) }),
    };
  },
});

/** The lag; null when Kafka does not tell it in time: the rest is wanted most then. */
async function lagWithin(cluster: Cluster, found: Subscription, deadline: number): Promise<number | null> {
  try {
    return await lagOf(cluster, found, deadline);
  } catch (error) {
    if (error instanceof GatewayError && error.retriable) return null;
    throw error;
  }
}

async function lagOf(cluster: Cluster, found: Subscription, deadline: number): Promise<number> {
  const topics = await grantedTopics(cluster, found);
  const committed = await fetchOffsets(cluster, groupOf(found.name), null, deadline);
  const ofTopics = committed.filter(({ topic, offset }) => offset >= 0 && topics.includes(topic));
  const offsets = await offsetsWithEnds(cluster, [...ofTopics, ...(await begins(cluster, topics, ofTopics, deadline))], deadline);
  return offsets.reduce((lag, { offset, end }) => lag + lagBetween(offset, end ?? offset), 0);
}

/**
 * Partitions that are new since anything was delivered: they will be read from their beginnings. Topics that the gateway may not describe are
 * left out, as Kafka leaves out their offsets.
 */
async function begins(
  cluster: Cluster,
  topics: readonly string[],
  committed: readonly CommittedOffset[],
  deadline: number,
): Promise<CommittedOffset[]> {
  const placeOf = (topic: string, partition: number) => `${partition} ${topic}`;
  const begun = new Set(committed.map(({ topic, partition }) => placeOf(topic, partition)));
  const known = await eachTopic(cluster, topics, deadline, Date.now());
  const others = [...known].flatMap(([topic, found]) =>
    found instanceof GatewayError
      ? []
      : [...found.leaders.keys()].filter((partition) => !begun.has(placeOf(topic, partition))).map((partition) => ({ topic, partition })),
  );
  if (others.length === 0) return [];
  const offsets = await offsetsOf(cluster, others, EARLIEST, deadline);
  return others.map((one, i) => ({ ...one, offset: offsets[i], metadata: '' }));
}
