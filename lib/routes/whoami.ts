import { grantsOf } from '../admission/grants.ts';
import { routeWithoutKafka } from '../admission/route-without-kafka.ts';
import { genericTypes } from '../http/media-types.ts';

/** The caller's name, the mode that gave it, and its grants; null for an anonymous caller, or when no grants limit the caller. */
export const whoami = routeWithoutKafka('GET /whoami', {
  offers: genericTypes,
  answer: (request) => ({ body: JSON.stringify({ principal: request.principal, mode: request.mode ?? null, grants: grantsOf(request) }) }),
});
