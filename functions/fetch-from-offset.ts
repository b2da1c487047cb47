import { fetchFromOffset, fetchMessages } from '../lib/routes/fetch-from-offset.ts';
import { functionHandler } from '../lib/routes/function-handler.ts';

/** Reads records from an offset on. */
export const handler = functionHandler({
  'GET /topics/{topic}/partitions/{partition}/records': fetchFromOffset,
  'GET /topics/{topic}/partitions/{partition}/messages': fetchMessages,
});
