import { grant, type Intent } from '../../admission/admit.ts';
import { route } from '../../admission/route.ts';
import { readJson } from '../../http/json-body.ts';
import { genericTypes } from '../../http/media-types.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { EARLIEST, LATEST } from '../../kafka/fetch/list-offsets.ts';
import { commitOffsets } from '../../kafka/groups/offsets.ts';
import { resolvePositions } from '../../kafka/groups/positions.ts';
import { describePartitions } from '../../kafka/topics/describe-topics.ts';
import { refuseInternal } from '../../kafka/topics/internal-topics.ts';
import {
  notVerifiedYet,
  pushOfFilteredTopic,
  stateAlone,
  subscriptionChanged,
  subscriptionNameReserved,
  subscriptionOfOthers,
  tooManySubscriptions,
} from '../../messages/push.ts';
import { type Asked, readDefinition } from '../../push/subscription/read-definition.ts';
import { groupOf, isNamedBy, isNameOfReplays, retryTopicOf, type State, type Subscription } from '../../push/subscription/subscription.ts';
import { hasRowFilter } from '../read/row-filtered.ts';
import { grantedTopics } from './granted-topics.ts';
import { createRetryTopic, deleteGroups } from './groups-and-retry-topic.ts';
import { maySee, topicsCounted } from './named-subscription.ts';
import { type PushTools, pushTools, stored } from './push-tools.ts';
import { shownSubscription } from './shown.ts';

/** More would overload the process that delivers them. */
const MOST_SUBSCRIPTIONS = 500;

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
  await createRetryTopic(cluster, name, deadline);
  if (offsets.length > 0 || found === null) {
    // What another request has made or changed since is not begun anew.
    const now = await stored(pushTools().store.get(name, deadline));
    if (now?.version !== found?.version) throw subscriptionChanged(name);
  }
  if (found === null) offsets.push(...(await behindLeftovers(cluster, name, deadline)));
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

/**
 * The topics that the subscription did not name before: in all others it goes on. With a pattern, topics that are created later are read
 * from their beginning.
 */
async function newTopics(cluster: Cluster, changed: Subscription, found: Subscription | null): Promise<readonly string[]> {
  const { topics, topics_pattern: pattern } = changed.definition;
  if (pattern !== null && pattern === found?.definition.topics_pattern) return [];
  const wasNamed = found === null ? () => false : isNamedBy(found.definition);
  // One that is not seen now is taken for one that is created later.
  const named = pattern === null ? topics : await grantedTopics(cluster, changed, Date.now());
  return named.filter((topic) => !wasNamed(topic));
}
