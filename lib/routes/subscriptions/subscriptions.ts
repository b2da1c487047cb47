import { grant, type Intent } from '../../admission/admit.ts';
import { mayOn } from '../../admission/grants.ts';
import { route } from '../../admission/route.ts';
import { type ErrorName, GatewayError } from '../../errors.ts';
import { readJson } from '../../http/json-body.ts';
import { genericTypes } from '../../http/media-types.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { EARLIEST, LATEST } from '../../kafka/fetch/list-offsets.ts';
import { deleteGroup } from '../../kafka/groups/groups.ts';
import { lagBetween, offsetsWithEnds } from '../../kafka/groups/lag.ts';
import { commitOffsets, fetchOffsets } from '../../kafka/groups/offsets.ts';
import { resolvePositions } from '../../kafka/groups/positions.ts';
import { createTopic } from '../../kafka/topics/create-topic.ts';
import { deleteTopic } from '../../kafka/topics/delete-topic.ts';
import { describePartitions } from '../../kafka/topics/describe-topics.ts';
import { refuseInternal } from '../../kafka/topics/internal-topics.ts';
import {
  notVerifiedYet,
  pushOfFilteredTopic,
  stateAlone,
  subscriptionChanged,
  subscriptionNameReserved,
  subscriptionNotFound,
  subscriptionOfOthers,
  tooManySubscriptions,
} from '../../messages/push.ts';
import { type Asked, readDefinition } from '../../push/read-definition.ts';
import { groupOf, isNameOfReplays, replayGroupOf, retryTopicOf, type State, type Subscription } from '../../push/subscription.ts';
import { hasRowFilter } from '../read/row-filtered.ts';
import { grantedTopics } from './granted-topics.ts';
import { type PushTools, pushTools, stored } from './push-tools.ts';
import { shownNotes, shownSubscription } from './shown.ts';

/** More would overload the process that delivers them. */
const MOST_SUBSCRIPTIONS = 500;

/** A request whose path names a subscription. */
type NamingRequest = Asking & { readonly path: { readonly subscription: string }; readonly deadline: number };

type Asking = Pick<GatewayRequest, 'caller' | 'principal' | 'mode'>;

/** Whether a caller may use a subscription: with a grant for all its topics; if it has a pattern, as its owner or with a grant for `*`. */
function maySee(request: Asking, { definition, owner }: Subscription): boolean {
  const may = mayOn(request, 'topics');
  if (definition.topics_pattern === null) return definition.topics.every((topic) => may('subscribe', topic));
  const isOwner = request.principal !== null && request.principal === owner.principal && request.mode === owner.mode;
  return isOwner || may('subscribe', '*');
}

/** The subscription in the path. @throws {GatewayError} SubscriptionNotFound, also for one that the caller may not see */
export async function subscriptionOf(request: NamingRequest): Promise<Subscription> {
  const { store } = pushTools();
  const name = request.path.subscription;
  const found = await stored(store.get(name, request.deadline));
  if (found === null || !maySee(request, found)) throw subscriptionNotFound(name);
  return found;
}

/** The topics that limits count for a request about a subscription. */
export const topicsCounted = ({ definition }: Subscription): readonly string[] => definition.topics;

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
    const lag = await lagOf(cluster, found, request.deadline);
    return {
      body: JSON.stringify({ ...shownSubscription(found), ...shownNotes(notes, { lag }) }),
    };
  },
});

async function lagOf(cluster: Cluster, found: Subscription, deadline: number): Promise<number | null> {
  const topics = await grantedTopics(cluster, found);
  const committed = await fetchOffsets(cluster, groupOf(found.name), null, deadline);
  const ofTopics = committed.filter(({ topic, offset }) => offset >= 0 && topics.includes(topic));
  const offsets = await offsetsWithEnds(cluster, ofTopics, deadline);
  return offsets.reduce((lag, { offset, end }) => lag + lagBetween(offset, end ?? offset), 0);
}

const etagOf = ({ version }: Subscription): string => `"${version}"`;

/** Creates or replaces a subscription; a body with only `state` changes just that. */
export const putSubscription = route('PUT /subscriptions/{subscription}', {
  operation: 'subscribe',
  offers: genericTypes,
  async read(request): Promise<Asked> {
    const { config } = pushTools();
    return readDefinition(await readJson(request), config);
  },
  more: ({ content: { definition } }): Omit<Intent, 'operation'> => ({ topics: definition?.topics ?? [] }),
  async find({ request, content: { definition } }) {
    const name = request.path.subscription;
    const filtered = definition?.topics.find(hasRowFilter);
    if (filtered !== undefined) throw pushOfFilteredTopic(filtered);
    if (definition !== null && definition.dead_letter_topic !== null) {
      grant(request, { operation: 'produce', topics: [definition.dead_letter_topic] });
      refuseInternal(definition.dead_letter_topic);
    }
    const existing = await stored(pushTools().store.get(name, request.deadline));
    if (existing !== null && !maySee(request, existing)) throw subscriptionOfOthers(name);
    if (existing === null && definition === null) throw stateAlone();
    if (existing === null && isNameOfReplays(name)) throw subscriptionNameReserved(name);
    checkVersion(request, existing);
    return existing;
  },
  topicsFound: ({ found, content }) => (content.definition === null && found !== null ? topicsCounted(found) : []),
  async answer({ request, cluster, content, found }) {
    const tools = pushTools();
    const changed = changedOf(request, content, found);
    if (found === null) await checkRoom(tools, request.deadline);
    if (content.definition !== null) await prepare(cluster, changed, found, request.deadline);
    const isWritten = await stored(tools.store.write(changed, found?.version ?? null, request.deadline));
    if (!isWritten) throw subscriptionChanged(changed.name);
    const status = found === null ? 201 : 200;
    return { status, body: JSON.stringify(shownSubscription(changed)) };
  },
});

function checkVersion({ headers, path }: GatewayRequest<'PUT /subscriptions/{subscription}'>, existing: Subscription | null): void {
  const wanted = headers['if-match'];
  if (wanted === undefined || (existing !== null && (wanted === '*' || wanted === etagOf(existing)))) return;
  throw subscriptionChanged(path.subscription);
}

async function checkRoom({ store }: PushTools, deadline: number): Promise<void> {
  if ((await stored(store.list(deadline))).length >= MOST_SUBSCRIPTIONS) throw tooManySubscriptions(MOST_SUBSCRIPTIONS);
}

/** The subscription after the change. A new URL has to answer a ping before it gets records. */
function changedOf(
  request: GatewayRequest<'PUT /subscriptions/{subscription}'>,
  { definition: asked, state }: Asked,
  found: Subscription | null,
): Subscription {
  const definition = asked ?? found?.definition;
  if (definition === undefined) throw stateAlone();
  const now = Date.now();
  const verified = found?.verified === definition.url ? found.verified : null;
  if (asked === null && state === 'active' && verified === null) throw notVerifiedYet();
  const { caller, principal, mode } = request;
  return {
    name: request.path.subscription,
    version: (found?.version ?? 0) + 1,
    definition,
    owner: asked === null && found !== null ? found.owner : { principal, ...(mode !== undefined && { mode }), grants: caller.grants },
    state: stateOf(state, verified, found),
    reason: null,
    verified,
    replay: found?.replay ?? null,
    createdAt: found?.createdAt ?? now,
    updatedAt: now,
  };
}

function stateOf(asked: State | null, verified: string | null, found: Subscription | null): State {
  if (asked === 'paused') return 'paused';
  if (verified === null) return 'pending';
  if (asked === null && found?.state === 'paused') return 'paused';
  return 'active';
}

/**
 * Creates the retry topic, and commits where to begin in topics that are new to the subscription, so that it misses nothing from now on.
 */
async function prepare(cluster: Cluster, changed: Subscription, found: Subscription | null, deadline: number): Promise<void> {
  const { name, definition } = changed;
  if (definition.dead_letter_topic !== null) await describePartitions(cluster, definition.dead_letter_topic, deadline);
  const topics = await newTopics(cluster, changed, found);
  const timestamp = definition.from === 'earliest' ? EARLIEST : definition.from === 'latest' ? LATEST : definition.from;
  const wanted = topics.map((topic) => ({ topic, partition: null, at: { timestamp }, metadata: null }));
  const offsets = await resolvePositions(cluster, wanted, deadline);
  const configs = { 'cleanup.policy': 'compact' };
  await unless('TopicExists', createTopic(cluster, { name: retryTopicOf(name), partitions: 1, replicationFactor: -1, configs }, deadline));
  if (found === null) {
    // What another request has made since is not begun anew.
    if ((await stored(pushTools().store.get(name, deadline))) !== null) throw subscriptionChanged(name);
    offsets.push(...(await behindLeftovers(cluster, name, deadline)));
  }
  if (offsets.length > 0) await commitOffsets(cluster, groupOf(name), offsets, deadline);
}

/**
 * Where a new subscription begins in its retry topic: at the end. If the deletion of an older one with its name was interrupted, records of
 * that one may be left there. Its groups are deleted for the same reason.
 */
async function behindLeftovers(cluster: Cluster, name: string, deadline: number) {
  await deleteGroups(cluster, name, deadline);
  return resolvePositions(cluster, [{ topic: retryTopicOf(name), partition: null, at: { timestamp: LATEST }, metadata: null }], deadline);
}

async function deleteGroups(cluster: Cluster, name: string, deadline: number): Promise<void> {
  for (const group of [groupOf(name), replayGroupOf(name)]) await unless('GroupNotFound', deleteGroup(cluster, group, deadline));
}

/** With a pattern, the topics that match when the pattern is new; topics that are created later are read from their beginning. */
async function newTopics(cluster: Cluster, changed: Subscription, found: Subscription | null): Promise<readonly string[]> {
  const { topics, topics_pattern: pattern } = changed.definition;
  if (pattern === null) return topics.filter((topic) => !found?.definition.topics.includes(topic));
  return pattern === found?.definition.topics_pattern ? [] : grantedTopics(cluster, changed);
}

/** Ignores an error that means that the work is already done. */
async function unless(error: ErrorName, done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (thrown) {
    if (!(thrown instanceof GatewayError) || thrown.name !== error) throw thrown;
  }
}

/**
 * Deletes a subscription, its groups, and its retry topic with all pending records. The subscription is paused first and removed last: if
 * Kafka fails in between, the client can repeat the request.
 */
export const deleteSubscription = route('DELETE /subscriptions/{subscription}', {
  operation: 'subscribe',
  offers: genericTypes,
  find: ({ request }) => subscriptionOf(request),
  topicsFound: ({ found }) => topicsCounted(found),
  async answer({ request, cluster, found }) {
    const { store } = pushTools();
    const { deadline } = request;
    const { name } = found;
    const resting = { ...found, state: 'paused' as const, version: found.version + 1, updatedAt: Date.now() };
    if (!(await stored(store.write(resting, found.version, deadline)))) throw subscriptionChanged(name);
    await deleteGroups(cluster, name, deadline);
    await unless('TopicNotFound', deleteTopic(cluster, retryTopicOf(name), deadline));
    if (!(await stored(store.remove(name, resting.version, deadline)))) throw subscriptionChanged(name);
    return { status: 204, body: '' };
  },
});
