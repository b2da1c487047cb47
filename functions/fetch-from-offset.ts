import { functionHandler } from '../lib/admission/function-handler.ts';
import { fetchFromOffset, fetchMessages } from '../lib/routes/read/fetch-from-offset.ts';

/** Reads records from an offset on. */
export const handler = functionHandler({
  'GET /topics/{topic}/partitions/{partition}/records': fetchFromOffset,
  'GET /topics/{topic}/partitions/{partition}/messages': fetchMessages,
});
