import type { RouteKey } from '../http/api.ts';
import { negotiate } from '../http/media-types.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { DescribedRoute } from './described-route.ts';

/** Makes a route that needs neither Kafka nor a grant, and does not count against limits. */
export function routeWithoutKafka<Key extends RouteKey>(
  _key: Key,
  { offers, answer }: { readonly offers: readonly [string, ...string[]]; answer(request: GatewayRequest<Key>): GatewayResponse },
): DescribedRoute<Key> {
  const serve = (request: GatewayRequest<Key>): GatewayResponse => {
    const mediaType = negotiate(request.headers.accept, offers);
    return { mediaType, ...answer(request) };
  };
  return Object.assign(serve, { operation: null, asksKafka: false });
}
