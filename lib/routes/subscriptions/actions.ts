import { randomUUID } from 'node:crypto';
import { route } from '../../admission/route.ts';
import { readJson } from '../../http/json-body.ts';
import { genericTypes } from '../../http/media-types.ts';
import { isObject } from '../../json/json-members.ts';
import { LATEST } from '../../kafka/fetch/list-offsets.ts';
import { resolvePositions } from '../../kafka/groups/positions.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { notVerified, notVerifiedYet, replayBackwards, replayUnderWay, subscriptionChanged } from '../../messages/push.ts';
import { fieldUnknown } from '../../messages/requests.ts';
import { ping } from '../../push/attempt/verify.ts';
import { timeOf as readTime } from '../../push/subscription/read-definition.ts';
import { replaySpans } from '../../push/subscription/replay-spans.ts';
import { grantedTopics } from './granted-topics.ts';
import { subscriptionOf, topicsCounted } from './named-subscription.ts';
import { pushTools, stored } from './push-tools.ts';
import { shownSubscription, timeOf } from './shown.ts';

/** Reserved of a request's time to store the result of a ping. */
const MARGIN_MS = 3000;

/** Sends a signed ping to the URL; the subscription becomes active when the URL answers with 2xx. */
export const verifySubscription = route('POST /subscriptions/{subscription}/verify', {
  operation: 'subscribe',
  offers: genericTypes,
  find: ({ request }) => subscriptionOf(request),
  topicsFound: ({ found }) => topicsCounted(found),
  async answer({ request, found }) {
    const { store, post, secretsOf } = pushTools();
    const { definition, state, version } = found;
    const failure = await ping(found, post, secretsOf(definition), request.deadline - Date.now() - MARGIN_MS);
    if (failure !== null) throw notVerified(failure);
    const next = { ...found, verified: definition.url, updatedAt: Date.now(), version: version + 1 };
    const changed = { ...next, reason: null, state: state === 'paused' ? state : ('active' as const) };
    if (!(await stored(store.write(changed, version, request.deadline)))) throw subscriptionChanged(found.name);
    return { body: JSON.stringify(shownSubscription(changed)) };
  },
});

/** Delivers the records of a time span again: `{"from", "to"?}`, up to now without `to`. Reactivates a disabled subscription. */
export const replaySubscription = route('POST /subscriptions/{subscription}/replay', {
  operation: 'subscribe',
  offers: genericTypes,
  read: async (request) => readSpan(await readJson(request)),
  find: ({ request }) => subscriptionOf(request),
  topicsFound: ({ found }) => topicsCounted(found),
  async answer({ request, cluster, found, content: { from, to } }) {
    const { store } = pushTools();
    const { name, version, state, verified, definition } = found;
    if (found.replay !== null) throw replayUnderWay();
    if (verified !== definition.url) throw notVerifiedYet();
    const topics = await grantedTopics(cluster, found);
    const at = (timestamp: number) => topics.map((topic) => ({ topic, partition: null, at: { timestamp }, metadata: null }));
    const [begin, end] = await Promise.all([from, to ?? LATEST].map((time) => resolvePositions(cluster, at(time), request.deadline)));
    // Of two replays at once one is written, with its own start.
    const spans = replaySpans(begin, end);
    const next = { ...found, replay: { id: randomUUID(), spans }, version: version + 1, updatedAt: Date.now() };
    const changed = state === 'disabled' ? { ...next, state: 'active' as const, reason: null } : next;
    if (!(await stored(store.write(changed, version, request.deadline)))) throw subscriptionChanged(name);
    return { status: 202, body: JSON.stringify(shownSubscription(changed)) };
  },
});

function readSpan(json: unknown): { from: number; to: number | null } {
  if (!isObject(json)) throw placeInvalid('The body', 'a JSON object with from');
  const { from, to, ...others } = json;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw fieldUnknown(unknown);
  const span = { from: readTime(from, 'from'), to: to === undefined || to === null ? null : readTime(to, 'to') };
  if (span.to !== null && span.to <= span.from) throw replayBackwards();
  return span;
}

/** The last delivery attempts, the latest first. */
export const subscriptionAttempts = route('GET /subscriptions/{subscription}/attempts', {
  operation: 'subscribe',
  offers: genericTypes,
  find: ({ request }) => subscriptionOf(request),
  topicsFound: ({ found }) => topicsCounted(found),
  async answer({ request, found }) {
    const { attempts } = await stored(pushTools().store.notes(found.name, request.deadline));
    return { body: JSON.stringify({ attempts: attempts.map((one) => ({ ...one, at: timeOf(one.at) })) }) };
  },
});
