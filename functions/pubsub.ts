import { functionHandler } from '../lib/admission/function-handler.ts';
import { pubsub } from '../lib/routes/pubsub/pubsub.ts';

/** Executes the commands of pubsub.proto: list an offset, fetch, produce. */
export const handler = functionHandler({ 'POST /pubsub': pubsub });
