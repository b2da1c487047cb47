import { functionHandler } from '../lib/admission/function-handler.ts';
import { deleteTopic } from '../lib/routes/topics/v3/delete-topic.ts';

/** Deletes topics: a function of its own, so that it alone may have the right to. */
export const handler = functionHandler({ 'DELETE /v3/clusters/{cluster}/topics/{topic}': deleteTopic });
