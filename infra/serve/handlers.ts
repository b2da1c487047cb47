import { functionHandler } from '../../lib/admission/function-handler.ts';
import { type RouteKey, routesOf } from '../../lib/http/api.ts';
import type { GatewayHandler } from '../../lib/http/gateway-handler.ts';
import { readQuery } from '../../lib/http/query.ts';
import { matchRoute } from '../../lib/http/router.ts';
import { streamTopics } from '../../lib/routes/streams/stream-topics.ts';
import { wantsStream } from '../../lib/routes/streams/wants-stream.ts';
import type { HttpEvent } from '../../lib/server/http-event.ts';

/** The function that answers all paths without a route. */
const FOR_OTHERS = 'topic-metadata';

const names = Object.keys(routesOf);
const functionOf = new Map<RouteKey, string>(
  Object.entries(routesOf).flatMap(([name, routes]) => routes.map((key): [RouteKey, string] => [key, name])),
);
const streams = functionHandler({ 'GET /topics/{topics}/records': streamTopics });

/** Loads all functions with routes. Returns a function that finds the handler that API Gateway would call for an event. */
export async function loadHandlers(): Promise<(event: HttpEvent) => GatewayHandler> {
  const loaded = await Promise.all(
    names.map(async (name): Promise<[string, GatewayHandler]> => [name, (await import(`../../functions/${name}.ts`)).handler]),
  );
  const handlers = new Map(loaded);
  const others = handlers.get(FOR_OTHERS) ?? streams;
  return (event) => {
    const route = routeOf(event);
    if (route === 'GET /topics/{topics}/records' && isStream(event)) return streams;
    return (route !== null && handlers.get(functionOf.get(route) ?? FOR_OTHERS)) || others;
  };
}

/** Null if no route matches the request; a function then answers why. */
function routeOf({ rawPath, requestContext: { http } }: HttpEvent): RouteKey | null {
  try {
    return matchRoute(http.method === 'HEAD' ? 'GET' : http.method, rawPath).route;
  } catch {
    return null;
  }
}

function isStream({ headers, rawQueryString, requestContext: { http } }: HttpEvent): boolean {
  // Only a GET can stream: the response to a HEAD has no body.
  if (http.method !== 'GET') return false;
  try {
    return wantsStream({ headers, query: readQuery(rawQueryString) });
  } catch {
    return false;
  }
}
