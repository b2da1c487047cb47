import { gatewayHandler } from '../lib/http/gateway-handler.ts';
import { jsonBody } from '../lib/http/json-body.ts';
import { createTopic } from '../lib/routes/create-topic.ts';

/** Creates topics: a function of its own, so that it alone may have the right to. */
export const handler = gatewayHandler({ 'POST /admin/topics': createTopic }, jsonBody());
