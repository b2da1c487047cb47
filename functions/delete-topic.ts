import { functionHandler } from '../lib/routes/function-handler.ts';
import { deleteTopic } from '../lib/routes/v3/delete-topic.ts';

/** Deletes topics: a function of its own, so that it alone may have the right to. */
export const handler = functionHandler({ 'DELETE /v3/clusters/{cluster}/topics/{topic}': deleteTopic });
