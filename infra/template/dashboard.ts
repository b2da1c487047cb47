import { listOf } from '../../lib/config/environment-reader.ts';
import { errors } from '../../lib/errors.ts';
import { NAMESPACE } from '../../lib/metrics/emf.ts';
import { isDimension } from '../../lib/metrics/lag-emf.ts';
import type { FunctionRow } from '../functions.ts';
import type { Resource } from './cloudformation.ts';
import type { Environment } from './environment.ts';

/** A metric in a dashboard's form: namespace, name, names and values of dimensions, and how to show it. */
type Metric = (string | { stat: string } | { label: string })[];

interface Widget {
  title: string;
  metrics: Metric[];
  stat?: string;
  /** In seconds. */
  period?: number;
}

const STACK = `\${AWS::StackName}`;
const MOST_GROUPS = 50;
const WIDTH = 12;
const HEIGHT = 6;

/** The errors that the dashboard shows by code: those that the operator must fix, and those for too many requests. */
const CODES = Object.entries(errors).filter(([, { status }]) => status >= 500 || status === 429);

/** A CloudWatch dashboard. Each line names its metric in full, so that a search finds it. */
export function dashboardOf(deployed: readonly (readonly [string, FunctionRow])[], environment: Environment): Resource {
  const ofStack = (name: string, ...more: Metric): Metric => [NAMESPACE, name, 'stack', STACK, ...more];
  const ofFunctions = (name: string): Metric[] =>
    deployed.map(([functionName]) => ['AWS/Lambda', name, 'FunctionName', `${STACK}-${functionName}`, { label: functionName }]);
  const ofRoutes = (name: string, isCounted: (row: FunctionRow) => boolean): Metric[] =>
    deployed
      .filter(([, row]) => isCounted(row))
      .flatMap(([functionName, { routes }]) =>
        routes.map((route) => [NAMESPACE, name, 'function', `${STACK}-${functionName}`, 'route', route, { label: `${name} ${route}` }]),
      );
  // Groups of a pattern are not shown by name; the totals include them.
  const groups = listOf(environment.GATEWAY_LAG_GROUPS);
  const named = groups.filter((group) => !group.endsWith('*') && isDimension(group)).slice(0, MOST_GROUPS);
  const writes = ({ msk }: FunctionRow): boolean => msk?.topics.includes('WriteData') ?? false;
  const reads = ({ msk }: FunctionRow): boolean => msk?.topics.includes('ReadData') ?? false;

  return dashboard([
    { title: 'Requests', metrics: [ofStack('Requests'), ofStack('Throttled'), ofStack('Errors')] },
    { title: 'Records', metrics: [...ofRoutes('RecordsIn', writes), ...ofRoutes('RecordsOut', reads)] },
    {
      title: 'Latency, and what of it is Kafka (ms)',
      metrics: ['Latency', 'KafkaLatency'].flatMap((name) => ['p50', 'p99'].map((stat) => ofStack(name, { stat }))),
    },
    { title: 'Bytes of bodies', metrics: [...ofRoutes('BytesIn', writes), ...ofRoutes('BytesOut', reads)] },
    { title: 'Share of requests that failed', metrics: [ofStack('Faults')], stat: 'Average' },
    {
      title: 'Errors by code',
      metrics: CODES.map(([name, { code }]) => ofStack('Errors', 'errorCode', String(code), { label: `${code} ${name}` })),
    },
    { title: 'Cold starts, and connections to brokers that were opened', metrics: [ofStack('ColdStart'), ofStack('Connections')] },
    ...(groups.length === 0
      ? []
      : [
          {
            title: 'Records that consumer groups are behind',
            metrics: [ofStack('MostLag'), ...named.map((group) => ofStack('Lag', 'group', literal(group), { label: literal(group) }))],
            stat: 'Maximum',
          },
          { title: 'Consumer groups that fall behind', metrics: [ofStack('GroupsFallingBehind')], stat: 'Maximum' },
        ]),
    ...(deployed.some(([name]) => name === 'deliver')
      ? [
          {
            title: 'Deliveries to endpoints of subscriptions',
            metrics: ['Deliveries', 'DeliveryFailures', 'DeadLetters', 'DeliveriesDropped'].map((name) => ofStack(name)),
          },
          { title: 'Records that wait for another attempt to deliver them', metrics: [ofStack('DeliveriesWaiting')], stat: 'Maximum' },
        ]
      : []),
    { title: 'Functions that Lambda throttled', metrics: ofFunctions('Throttles') },
    { title: 'Concurrency', metrics: ofFunctions('ConcurrentExecutions'), stat: 'Maximum' },
    { title: 'Milliseconds that functions ran an hour, of which the bill is made', metrics: ofFunctions('Duration'), period: 3600 },
    { title: 'The HTTP API', metrics: ['Count', '4xx', '5xx'].map((name) => ['AWS/ApiGateway', name, 'ApiId', `\${HttpApi}`]) },
  ]);
}

/** For `Fn::Sub`, as it is. */
const literal = (text: string): string => text.replaceAll(`\${`, `\${!`);

function dashboard(all: readonly Widget[]): Resource {
  const widgets = all.map(({ title, metrics, stat = 'Sum', period = 60 }, i) => ({
    type: 'metric',
    x: (i % 2) * WIDTH,
    y: Math.floor(i / 2) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: { title, metrics, stat, period, region: `\${AWS::Region}` },
  }));
  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: { DashboardName: { Ref: 'AWS::StackName' }, DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) } },
  };
}
