import { deliverSubscriptions } from '../lib/routes/subscriptions/deliver.ts';

/** Pushes records to the URLs of subscriptions. */
export const handler = deliverSubscriptions();
