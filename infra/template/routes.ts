import type { FunctionRow } from '../functions.ts';

/** Matches every path below, and so the path itself with a trailing slash. */
const GREEDY = '/{rest+}';

/**
 * The HTTP API's routes of a function, in API Gateway's syntax. API Gateway matches paths exactly and allows no route that ends in a slash,
 * but the gateway ignores a trailing slash: such requests reach greedy routes. The function then routes by the whole path, and answers 404
 * for what is not its own. Each GET route also gets a HEAD route.
 */
export function routesOf({ routes, wider = [], widerInstead = false }: FunctionRow): string[] {
  const written = routes.map(asWritten);
  // API Gateway allows no colon in a route: the greedy route of the path before it takes these requests.
  const exact = written.filter((route) => !route.includes(':'));
  const instead = widerInstead ? wider.filter((route) => route !== '*') : [];
  const greedy = written.map((route) => (route.includes(':') ? route.slice(0, route.lastIndexOf('/')) : route) + GREEDY);
  const needed = greedy.filter((route) => !covered(route, [...greedy.filter((other) => other !== route), ...wider]));
  const all = new Set([...exact.filter((route) => !covered(route, instead)), ...needed, ...wider]);
  const heads = wider.includes('*')
    ? []
    : [...all].filter((route) => route.startsWith('GET ')).map((route) => route.replace('GET', 'HEAD'));
  return [...all, ...heads];
}

/** API Gateway needs one name per place, although the gateway reads one topic in some routes and several in others. */
const asWritten = (route: string): string => route.replace('{topics}', '{topic}').replace('GET //', 'GET /');

const covered = (route: string, greedy: readonly string[]): boolean =>
  greedy.some((one) => one === '*' || (one.endsWith(GREEDY) && route.startsWith(one.slice(0, -'{rest+}'.length)) && one !== route));
