import { gatewayHandler } from '../lib/http/gateway-handler.ts';
import { fetchFromOffset } from '../lib/routes/fetch-from-offset.ts';

/** Reads records from an offset on. */
export const handler = gatewayHandler({
  'GET /topics/{topic}/partitions/{partition}/records': fetchFromOffset,
});
