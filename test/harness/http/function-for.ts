import { type FunctionName, rows } from '../../../infra/functions.ts';
import { routesOf } from '../../../infra/template/routes.ts';

interface Route {
  name: FunctionName;
  /** In API Gateway's form, `GET /topics/{topic}`, or `*` for all requests without another route. */
  key: string;
  pattern: RegExp;
  /** Sorts routes by how specific they are, segment by segment: text, variable, rest of the path. */
  rank: string;
}

const routes = rows
  .flatMap(([name, row]) => (row.routes.length === 0 ? [] : routesOf(row).map((key) => routeOf(name, key))))
  .sort((one, other) => (one.rank < other.rank ? -1 : 1));

/** The route that API Gateway would choose, and its function. */
export function routeFor(method: string, path: string): Pick<Route, 'name' | 'key'> {
  const route = routes.find(({ pattern }) => pattern.test(`${method} ${path}`));
  if (route === undefined) throw new Error(`no function takes ${method} ${path}`);
  return route;
}

/** The function that API Gateway would invoke. */
export const functionFor = (method: string, path: string): FunctionName => routeFor(method, path).name;

function routeOf(name: FunctionName, key: string): Route {
  if (key === '*') return { name, key, pattern: /^/, rank: '3' };
  const segments = key.split('/');
  const patterns = segments.map((segment) =>
    segment === '{rest+}' ? '.*' : segment.startsWith('{') ? '[^/]+' : segment.replaceAll('.', '\\.'),
  );
  const rank = segments.map((segment) => (segment === '{rest+}' ? '2' : segment.startsWith('{') ? '1' : '0'));
  return { name, key, pattern: new RegExp(`^${patterns.join('/')}$`), rank: rank.join('') };
}
