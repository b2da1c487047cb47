import { functionHandler } from '../lib/admission/function-handler.ts';
import { readTopics } from '../lib/routes/read/read-topics.ts';

/** Reads records of many partitions, page by page. */
export const handler = functionHandler({ 'GET /topics/{topics}/records': readTopics });
