import { rows } from '../../../infra/functions.ts';
import { errors } from '../../../lib/errors.ts';
import { deliveryMembers } from '../../../lib/metrics/delivery-emf.ts';
import { emfMembers } from '../../../lib/metrics/emf.ts';
import { lagMembers, roundMembers } from '../../../lib/metrics/lag-emf.ts';
import type { MeasuredRequest } from '../../../lib/metrics/measured-request.ts';
import { type Metric, metricsOf } from './emf-schema.ts';

/** The metrics in members of a log line, as CloudWatch would read them. */
export const metricsIn = (members: string): Metric[] => metricsOf(JSON.parse(`{${members.slice(1)}}`));

/** The metrics of a request's log line in which nothing counted is zero. */
export function requestMetrics(stack: string, request: Partial<MeasuredRequest> & { route: string }, functionName = 'produce'): Metric[] {
  const counts = { connections: 1, recordsIn: 1, recordsOut: 1, bytesIn: 1, bytesOut: 1, kafkaMs: 1, ms: 1, byTopic: new Map() };
  const settings = { emf: true, topics: new Set<string>(), function: `${stack}-${functionName}`, stack };
  const measured = { ...counts, status: 200, errorCode: null, isFirst: true, ...request };
  return metricsOf(JSON.parse(`{"route":${JSON.stringify(request.route)}${emfMembers(measured, settings, 0)}}`));
}

/** The names of all metrics that the gateway can write. @param stack the name of its stack */
export function writtenMetrics(stack: string): Set<string> {
  const ofStack = { emf: true, topics: new Set<string>(), function: 'f', stack };
  const metrics = [
    ...rows.flatMap(([name, { routes }]) =>
      routes.flatMap((route) =>
        [{ status: 200, code: null }, ...Object.values(errors)].flatMap(({ status, code }) =>
          requestMetrics(stack, { route, status, errorCode: code }, name),
        ),
      ),
    ),
    ...metricsIn(lagMembers({ group: 'billing', lag: 1, largest: 1, topics: new Map() }, ofStack, 0)),
    ...metricsIn(roundMembers({ isComplete: true, most: 1, fallingBehind: 0 }, ofStack, 0)),
    ...metricsIn(deliveryMembers({ delivered: 1, failed: 0, deadLettered: 0, dropped: 0, waiting: 0 }, ofStack, 0)),
  ];
  // For a document of variables that is refused; test/unit/config/fresh-configuration.test.ts has its line.
  return new Set([...metrics.map(({ name }) => name), `KafkaHttpGateway ConfigNotTaken stack=${stack}`]);
}

/** The metrics that AWS's services have themselves, as their manuals name them. */
export const metricsOfAws: readonly string[] = [
  'AWS/Lambda Throttles',
  'AWS/Lambda ConcurrentExecutions',
  'AWS/Lambda Duration',
  'AWS/ApiGateway Count',
  'AWS/ApiGateway 4xx',
  'AWS/ApiGateway 5xx',
  'AWS/DynamoDB WriteThrottleEvents',
];
