import { functionHandler } from '../lib/admission/function-handler.ts';
import { docs, openapi, openapiV3 } from '../lib/routes/openapi.ts';

/** Describes the API to programs and people. It does not use Kafka. */
export const handler = functionHandler({ 'GET /openapi.json': openapi, 'GET /openapi/v3': openapiV3, 'GET /docs': docs });
