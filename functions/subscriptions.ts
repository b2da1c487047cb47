import { functionHandler } from '../lib/admission/function-handler.ts';
import { replaySubscription, subscriptionAttempts, verifySubscription } from '../lib/routes/subscriptions/actions.ts';
import { deleteSubscription } from '../lib/routes/subscriptions/delete-subscription.ts';
import { putSubscription } from '../lib/routes/subscriptions/put-subscription.ts';
import { subscription, subscriptions } from '../lib/routes/subscriptions/subscriptions.ts';

/** Subscriptions that push records to URLs: creates, shows, verifies, replays and deletes them. */
export const handler = functionHandler({
  'GET /subscriptions': subscriptions,
  'GET /subscriptions/{subscription}': subscription,
  'PUT /subscriptions/{subscription}': putSubscription,
  'DELETE /subscriptions/{subscription}': deleteSubscription,
  'GET /subscriptions/{subscription}/attempts': subscriptionAttempts,
  'POST /subscriptions/{subscription}/verify': verifySubscription,
  'POST /subscriptions/{subscription}/replay': replaySubscription,
});
