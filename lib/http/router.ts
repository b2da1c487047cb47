import type { GatewayError } from '../errors.ts';
import { methodNotAllowed, routeNotFound, segmentNotUtf8 } from '../messages/requests.ts';
import { topicName } from '../topic-name.ts';
import { api, type PathParameters, type RouteKey } from './api.ts';
import { brokerNumber, groupName, partitionNumber, subscriptionName, topicList } from './path-parameters.ts';

/** A request's route and the parameters in its path. Parameters that the route does not have are fillers. */
interface Match {
  readonly route: RouteKey;
  readonly path: PathParameters;
}

/** The parameters that a segment can stand for; a topic and a list of topics share one. */
type Segment = Exclude<keyof PathParameters, 'topics'>;

/** A node of the tree of path patterns: patterns with the same beginning share nodes. */
interface Node {
  readonly literals: Map<string, Node>;
  parameter: { readonly name: Segment; readonly node: Node } | null;
  /** The routes that end here, by method. */
  readonly routes: Map<string, RouteKey>;
}

/** The parameters by how they are written in path patterns. */
const PARAMETERS: Readonly<Record<string, Segment | undefined>> = {
  '{topic}': 'topic',
  '{topics}': 'topic',
  '{partition}': 'partition',
  '{group}': 'group',
  '{instance}': 'instance',
  '{cluster}': 'cluster',
  '{broker}': 'broker',
  '{config}': 'config',
  '{consumer}': 'consumer',
  '{subscription}': 'subscription',
  '{file}': 'file',
};

const newNode = (): Node => ({ literals: new Map(), parameter: null, routes: new Map() });

const root = newNode();
for (const key of api) {
  const [method, pattern] = key.split(' ');
  let node = root;
  for (const segment of pattern.split('/').filter(Boolean)) node = childOf(node, segment);
  node.routes.set(method, key);
}

function childOf(parent: Node, segment: string): Node {
  const name = PARAMETERS[segment];
  if (name !== undefined) {
    parent.parameter ??= { name, node: newNode() };
    return parent.parameter.node;
  }
  const child = parent.literals.get(segment) ?? newNode();
  parent.literals.set(segment, child);
  return child;
}

/**
 * Finds the route of a request. Ignores trailing slashes; decodes each segment once, so `%2F` stays within its segment.
 * @param path without the query and the stage
 * @throws {GatewayError} RouteNotFound, also for an impossible broker; MethodNotAllowed with `Allow`; BadRequest for a broken escape;
 *   InvalidArgument or PartitionNotFound for an impossible topic, group, subscription or partition
 */
export function matchRoute(method: string, path: string): Match {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  if (end > 0 && path[0] !== '/') throw routeNotFound(path);

  let node = root;
  const found: Record<Segment, string | null> = {
    topic: null,
    partition: null,
    group: null,
    instance: null,
    cluster: null,
    broker: null,
    config: null,
    consumer: null,
    subscription: null,
    file: null,
  };
  for (let from = 1; from <= end; ) {
    const slash = path.indexOf('/', from);
    const to = slash === -1 || slash > end ? end : slash;
    const segment = decodeSegment(path.slice(from, to));
    from = to + 1;

    const { literals, parameter } = node;
    const literal = literals.get(segment);
    if (literal !== undefined) node = literal;
    else if (parameter !== null && segment !== '') {
      found[parameter.name] = segment;
      node = parameter.node;
    } else throw routeNotFound(path);
  }
  if (node.routes.size === 0) throw routeNotFound(path);

  const route = node.routes.get(method);
  if (route === undefined) throw otherMethods(path, [...node.routes.keys()]);
  const { topic, partition, group, broker, subscription } = found;
  const isList = route.includes('{topics}');
  return {
    route,
    path: {
      topic: topic === null || isList ? '' : topicName(topic),
      topics: topic !== null && isList ? topicList(topic) : [],
      partition: partition === null ? -1 : partitionNumber(partition),
      group: group === null ? '' : groupName(group),
      instance: found.instance ?? '',
      cluster: found.cluster ?? '',
      broker: broker === null ? -1 : brokerNumber(broker),
      config: found.config ?? '',
      consumer: found.consumer ?? '',
      subscription: subscription === null ? '' : subscriptionName(subscription),
      file: found.file ?? '',
    },
  };
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw segmentNotUtf8.with({ cause }, segment);
  }
}

function otherMethods(path: string, methods: string[]): GatewayError {
  const allow = methods.join(', ');
  return methodNotAllowed.with({ headers: { allow } }, path, allow);
}
