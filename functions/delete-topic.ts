import { functionHandler } from '../lib/admission/function-handler.ts';
import { deleteTopic } from '../lib/routes/topics/v3/delete-topic.ts';

/** Deletes topics. It is a function of its own, so that no other function needs the permission. */
export const handler = functionHandler({ 'DELETE /v3/clusters/{cluster}/topics/{topic}': deleteTopic });
