import { functionHandler } from '../lib/admission/function-handler.ts';
import { docs, openapi } from '../lib/routes/openapi.ts';

/** Describes the API, to programs and to people. It knows nothing of Kafka. */
export const handler = functionHandler({ 'GET /openapi.json': openapi, 'GET /docs': docs });
