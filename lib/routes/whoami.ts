import { grantsOf } from '../admission/grants.ts';
import { routeWithoutKafka } from '../admission/route-without-kafka.ts';
import { genericTypes } from '../http/media-types.ts';

/** Who the caller is to the gateway, how that is known, and what it may do; null where nobody asks, or nothing is limited by grants. */
export const whoami = routeWithoutKafka('GET /whoami', {
  offers: genericTypes,
  answer: (request) => ({ body: JSON.stringify({ principal: request.principal, mode: request.mode ?? null, grants: grantsOf(request) }) }),
});
