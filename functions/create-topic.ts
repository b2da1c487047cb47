import { functionHandler } from '../lib/admission/function-handler.ts';
import { createTopic } from '../lib/routes/topics/create-topic.ts';
import { createTopic as createTopicV3 } from '../lib/routes/topics/v3/create-topic.ts';

/** Creates topics: a function of its own, so that it alone may have the right to. */
export const handler = functionHandler({ 'POST /admin/topics': createTopic, 'POST /v3/clusters/{cluster}/topics': createTopicV3 });
