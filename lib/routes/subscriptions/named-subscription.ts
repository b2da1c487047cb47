import { mayOn } from '../../admission/grants.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { subscriptionNotFound } from '../../messages/push.ts';
import type { Subscription } from '../../push/subscription/subscription.ts';
import { pushTools, stored } from './push-tools.ts';

/** A request whose path names a subscription. */
type NamingRequest = Asking & { readonly path: { readonly subscription: string }; readonly deadline: number };

type Asking = Pick<GatewayRequest, 'caller' | 'principal' | 'mode'>;

/** Whether a caller may use a subscription: with a grant for all its topics; if it has a pattern, as its owner or with a grant for `*`. */
export function maySee(request: Asking, { definition, owner }: Subscription): boolean {
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
