import type { Operation } from '../access/operations.ts';
import type { RouteKey } from '../http/api.ts';
import type { Route } from '../http/gateway-handler.ts';

/** A route, and what it tells about itself to code that lists routes. */
export type DescribedRoute<Key extends RouteKey> = Route<Key> & {
  readonly operation: Operation | null;
  readonly asksKafka: boolean;
};
