import { isWord } from '../../lib/config/environment-reader.ts';
import { type FunctionRow, rows } from '../functions.ts';
import { SOCKET_READER } from './alias.ts';
import { type Authorization, authorizationOf } from './authorization.ts';
import { ref } from './cloudformation.ts';
import { CONSOLE_ORIGIN, consoleStreams, hasConsole } from './console.ts';
import type { Environment } from './environment.ts';
import { roleId } from './names.ts';
import { pushesLogs } from './push-logs.ts';
import { routesOf } from './routes.ts';
import { streamEntry, streamUrl } from './streams.ts';

/** The rows of the functions that a deployment has. */
export function deployedRows(environment: Environment): typeof rows {
  const { socket, authorizer } = authorizationOf(environment);
  const deployed = {
    authorizer: authorizer === 'deployed',
    websocket: socket === 'deployed',
    schedule: true,
    stream: true,
    function: true,
  };
  const configured = {
    console: hasConsole(environment),
    streams: streamEntry(environment) !== 'off',
    subscriptions: hasSubscriptions(environment),
    lag: measuresLag(environment),
    logs: pushesLogs(environment),
    sockets: hasSocketSubscriptions(environment),
  };
  return rows.filter(
    ([, { calledAs, onlyWith }]) => (calledAs === undefined || deployed[calledAs]) && (onlyWith === undefined || configured[onlyWith]),
  );
}

/** Whether the gateway measures the lag of consumer groups. */
export const measuresLag = ({ GATEWAY_LAG_GROUPS }: Environment): boolean => Boolean(GATEWAY_LAG_GROUPS);

/** Whether the gateway pushes records to URLs, which needs its own credentials. */
export const hasSubscriptions = ({ GATEWAY_PUSH = 'off', GATEWAY_AUTH }: Environment): boolean =>
  GATEWAY_PUSH.trim() !== '' && !isWord(GATEWAY_PUSH, 'off') && !isWord(GATEWAY_AUTH, 'passthrough');

/** Whether the gateway pushes records over the WebSocket, if there is one. */
const hasSocketSubscriptions = (environment: Environment): boolean =>
  Boolean(environment.GATEWAY_SOCKET_READERS) && authorizationOf(environment).socket === 'deployed';

/** The URL of the WebSocket API's connections; its stage is `pubsub`. */
const SOCKET_URL = `https://\${WebsocketsApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/pubsub`;

/** One of the `functions` of serverless.yml. */
interface ServiceFunction {
  handler: string;
  memorySize: number;
  role: string;
  timeout?: number;
  reservedConcurrency?: string;
  events?: (HttpApiEvent | WebsocketEvent)[];
  environment?: Record<string, string | object>;
}

interface HttpApiEvent {
  httpApi: { method: string; path: string; authorizer: Authorization['route'] };
}

interface WebsocketEvent {
  websocket: {
    route: '$connect' | '$default' | '$disconnect';
    authorizer?: { name: 'authorizer'; identitySource: string[] };
    routeResponseSelectionExpression?: '$default';
  };
}

/** The `functions` of serverless.yml. */
export function functionsFor(environment: Environment): Record<string, ServiceFunction> {
  const authorization = authorizationOf(environment);
  return Object.fromEntries(
    deployedRows(environment).map(([name, row]) => [
      name,
      {
        handler: `functions/${name}.handler`,
        memorySize: row.memory.size,
        role: roleId(name),
        ...(row.timeout !== undefined && { timeout: row.timeout }),
        ...(row.reservable !== false && environment.RESERVED_CONCURRENCY && { reservedConcurrency: variable('RESERVED_CONCURRENCY') }),
        ...((row.calledAs === undefined || row.calledAs === 'websocket') && { events: eventsOf(row, authorization, environment) }),
        ...(row.variables && { environment: Object.fromEntries(row.variables.map((one) => [one, deployedValue(one, environment)])) }),
      },
    ]),
  );
}

/** A variable's value; for some, the deployment knows a default. */
function deployedValue(name: string, environment: Environment): string | object {
  // Streams answer pages of other origins themselves, and the console is such a page.
  if (name === 'CORS_ORIGINS' && consoleStreams(environment)) {
    return environment[name] ? { 'Fn::Join': [',', [variable(name), CONSOLE_ORIGIN]] } : CONSOLE_ORIGIN;
  }
  if (environment[name]) return variable(name);
  // A stack's id ends in a UUID that nobody outside of its account knows.
  if (name === 'GATEWAY_RECEIPT_KEY') return ref('AWS::StackId');
  if (hasSocketSubscriptions(environment)) {
    if (name === 'GATEWAY_SOCKET_READER') return { 'Fn::Sub': SOCKET_READER };
    if (name === 'GATEWAY_SOCKET_URL') return { 'Fn::Sub': SOCKET_URL };
  }
  return (name === 'GATEWAY_STREAM_URL' && streamUrl(environment)) || variable(name);
}

/** The form of serverless.yml: the framework reads the variable, and leaves it out if it is unset. */
const variable = (name: string): string => `\${env:${name}, null}`;

function eventsOf(row: FunctionRow, { route, authorizer }: Authorization, environment: Environment): (HttpApiEvent | WebsocketEvent)[] {
  if (row.calledAs === 'websocket') {
    return [
      // The framework requires a header here; infra/stack/pubsub-socket.yml removes it again.
      {
        websocket: {
          route: '$connect',
          ...(authorizer === 'deployed' && { authorizer: { name: 'authorizer', identitySource: ['none'] } }),
        },
      },
      { websocket: { route: '$default', routeResponseSelectionExpression: '$default' } },
      ...(hasSocketSubscriptions(environment) ? [{ websocket: { route: '$disconnect' as const } }] : []),
    ];
  }

  return routesOf(row).map((key) => {
    const [method = '', path = ''] = key === '*' ? ['*', '*'] : key.split(' ');
    return {
      httpApi: { method, path, authorizer: row.isOpen && authorizer === 'deployed' ? '' : route },
    };
  });
}
