import { functionHandler } from '../lib/admission/function-handler.ts';
import { createTopic } from '../lib/routes/topics/create-topic.ts';
import { createTopic as createTopicV3 } from '../lib/routes/topics/v3/create-topic.ts';

/** Creates topics. It is a function of its own, so that no other function needs the permission. */
export const handler = functionHandler({ 'POST /admin/topics': createTopic, 'POST /v3/clusters/{cluster}/topics': createTopicV3 });
