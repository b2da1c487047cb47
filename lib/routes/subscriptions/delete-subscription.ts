import { route } from '../../admission/route.ts';
import { genericTypes } from '../../http/media-types.ts';
import { subscriptionChanged } from '../../messages/push.ts';
import { deleteGroups, deleteRetryTopic } from './groups-and-retry-topic.ts';
import { subscriptionOf, topicsCounted } from './named-subscription.ts';
import { pushTools, stored } from './push-tools.ts';

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
    await deleteRetryTopic(cluster, name, deadline);
    if (!(await stored(store.remove(name, resting.version, deadline)))) throw subscriptionChanged(name);
    return { status: 204, body: '' };
  },
});
