import { functionHandler } from '../lib/routes/function-handler.ts';
import { pubsub } from '../lib/routes/pubsub.ts';

/** Obeys the commands of pubsub.proto: list an offset, fetch, produce. */
export const handler = functionHandler({ 'POST /pubsub': pubsub() });
