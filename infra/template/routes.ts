import type { FunctionRow } from '../functions.ts';

/** Takes every path below it, and with a trailing slash the one before it. */
const GREEDY = '/{rest+}';

/**
 * The routes of the HTTP API that reach a function, as API Gateway writes them. It matches paths exactly and accepts no route that ends
 * in a slash, while the gateway ignores a trailing one: a request with one reaches the greedy routes. Their function routes by the whole
 * path and answers 404 to what is not its own. What has a route for GET has one for HEAD.
 */
export function routesOf({ routes, wider = [], widerInstead = false }: FunctionRow): string[] {
  const written = routes.map(asWritten);
  // It takes no colon: what is behind one is reached by the greedy route of the path before it.
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

/** One name for what is in the same place, whether the gateway reads one topic there or several. */
const asWritten = (route: string): string => route.replace('{topics}', '{topic}').replace('GET //', 'GET /');

const covered = (route: string, greedy: readonly string[]): boolean =>
  greedy.some((one) => one === '*' || (one.endsWith(GREEDY) && route.startsWith(one.slice(0, -'{rest+}'.length)) && one !== route));
