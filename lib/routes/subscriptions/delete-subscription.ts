import { randomUUID } from 'node:crypto';
import { route } from '../../admission/route.ts';
import { pauseBefore, sleep } from '../../deadline.ts';
import { genericTypes } from '../../http/media-types.ts';
import { deliveryUnderWay, subscriptionChanged } from '../../messages/push.ts';
import type { SubscriptionStore } from '../../push/subscription/store.ts';
import type { Subscription } from '../../push/subscription/subscription.ts';
import { deleteGroups, deleteRetryTopic } from './groups-and-retry-topic.ts';
import { subscriptionOf, topicsCounted } from './named-subscription.ts';
import { pushTools, stored } from './push-tools.ts';

/** Reserved of a request's time, to delete in Kafka. */
const KAFKA_MS = 5000;

/**
 * Deletes a subscription, its groups, and its retry topic with all pending records. The subscription is paused first and removed last: if
 * Kafka fails in between, the client can repeat the request. It takes the lease before it deletes: a process that still delivers would
 * commit into the group of whoever uses the name next.
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
    const holder = await leased(store, resting, deadline);
    try {
      await deleteGroups(cluster, name, deadline);
      await deleteRetryTopic(cluster, name, deadline);
      if (!(await stored(store.remove(name, resting.version, deadline)))) throw subscriptionChanged(name);
    } catch (error) {
      // If this fails, the lease ends by itself.
      await store.release(name, holder, deadline).catch(() => undefined);
      throw error;
    }
    return { status: 204, body: '' };
  },
});

/**
 * Waits until no process delivers a paused subscription, which it hears of within seconds, and takes the lease.
 *
 * @returns who holds it
 * @throws {GatewayError} Conflict when the subscription has changed, or a delivery takes too long; StorageUnavailable
 */
async function leased(store: SubscriptionStore, { name, state, version }: Subscription, deadline: number): Promise<string> {
  const holder = randomUUID();
  for (let tries = 1; ; tries++) {
    const lease = { holder, now: Date.now(), until: deadline };
    const taken = await stored(store.lease(name, state, lease, deadline));
    if (taken?.subscription.version === version) return holder;
    // Nobody has paused that version.
    if (taken !== null) await store.release(name, holder, deadline).catch(() => undefined);
    if (taken !== null || (await stored(store.get(name, deadline)))?.version !== version) throw subscriptionChanged(name);
    if (Date.now() >= deadline - KAFKA_MS) throw deliveryUnderWay(name);
    await sleep(pauseBefore(tries));
  }
}
