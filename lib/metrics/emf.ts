import type { MeasuredRequest } from './measured-request.ts';
import type { MetricsSettings } from './settings.ts';

/** What metrics are called for in CloudWatch, and those of single topics. */
export const NAMESPACE = 'KafkaHttpGateway';
export const TOPICS_NAMESPACE = `${NAMESPACE}/Topics`;

type Unit = 'Milliseconds' | 'Bytes';

/** Which of the metrics that not every request has are there, as bits. */
const KAFKA = 1;
const RECORDS_IN = 2;
const RECORDS_OUT = 4;
const BYTES_IN = 8;
const BYTES_OUT = 16;
const CONNECTIONS = 32;
const COLD = 64;
const THROTTLED = 128;
const ERRORS = 256;
const ROUTED = 512;

/**
 * A request's metrics as members of its line of the log, each with a comma in front: CloudWatch's embedded metric format (EMF), of which
 * CloudWatch Logs makes metrics. Each combination of dimensions costs money: so there is none by topic, caller or error message.
 * Metrics that are zero are left out, but for `Faults`, whose average is the share of requests that failed.
 *
 * @param now Unix milliseconds
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emfMembers(request: MeasuredRequest, settings: MetricsSettings, now: number): string {
  const { route, status, errorCode, ms, kafkaMs, recordsIn, recordsOut, bytesIn, bytesOut, connections, isFirst, byTopic } = request;
  let bits = route === null ? 0 : ROUTED;
  let values = `,"Requests":1,"Latency":${ms},"Faults":${status >= 500 ? 1 : 0}`;
  const add = (bit: number, name: string, value: number): void => {
    if (value === 0) return;
    bits |= bit;
    values += `,"${name}":${value}`;
  };
  add(KAFKA, 'KafkaLatency', Math.round(kafkaMs * 100) / 100);
  if (route !== null) {
    add(RECORDS_IN, 'RecordsIn', recordsIn);
    add(RECORDS_OUT, 'RecordsOut', recordsOut);
    add(BYTES_IN, 'BytesIn', bytesIn);
    add(BYTES_OUT, 'BytesOut', bytesOut);
  }
  add(CONNECTIONS, 'Connections', connections);
  add(COLD, 'ColdStart', isFirst ? 1 : 0);
  add(THROTTLED, 'Throttled', status === 429 ? 1 : 0);
  if (errorCode !== null) {
    add(ERRORS, 'Errors', 1);
    values += `,"errorCode":"${errorCode}"`;
  }
  let directives = directivesOf(bits);
  if (byTopic.size > 0) {
    const metrics = [...byTopic.keys()].slice(0, MAX_METRICS);
    directives += `,${directive(TOPICS_NAMESPACE, [['stack']], metrics)}`;
    for (const name of metrics) values += `,"${name}":${byTopic.get(name)}`;
  }
  const dimensions = `,"stack":${text(settings.stack)},"function":${text(settings.function)},"statusClass":"${Math.floor(status / 100)}xx"`;
  return `,"_aws":{"Timestamp":${now},"CloudWatchMetrics":[${directives}]}${dimensions}${values}`;
}

/** A directive has no more, by the specification. */
const MAX_METRICS = 100;

const texts = new Map<string, string>();

/** The few values of dimensions that a process has, as JSON. */
function text(value: string): string {
  let known = texts.get(value);
  if (known === undefined) {
    known = JSON.stringify(value);
    texts.set(value, known);
  }
  return known;
}

const known = new Map<number, string>();

function directivesOf(bits: number): string {
  let directives = known.get(bits);
  if (directives === undefined) {
    directives = makeDirectives((bit) => (bits & bit) !== 0);
    known.set(bits, directives);
  }
  return directives;
}

function makeDirectives(has: (bit: number) => boolean): string {
  const present = (metrics: readonly [bit: number, name: string][]): string[] =>
    metrics.filter(([bit]) => has(bit)).map(([, name]) => name);
  const ofRoute = ['function', 'route'];
  const isRouted = has(ROUTED);
  const counts = present([
    [RECORDS_IN, 'RecordsIn'],
    [RECORDS_OUT, 'RecordsOut'],
    [BYTES_IN, 'BytesIn'],
    [BYTES_OUT, 'BytesOut'],
  ]);
  const rare = present([
    [CONNECTIONS, 'Connections'],
    [COLD, 'ColdStart'],
    [THROTTLED, 'Throttled'],
  ]);
  return [
    directive(NAMESPACE, isRouted ? [['stack'], ofRoute] : [['stack']], ['Requests', 'Latency', ...present([[KAFKA, 'KafkaLatency']])]),
    directive(NAMESPACE, [['stack']], ['Faults', ...rare]),
    ...(counts.length > 0 ? [directive(NAMESPACE, [ofRoute], counts)] : []),
    ...(isRouted ? [directive(NAMESPACE, [[...ofRoute, 'statusClass']], ['Requests'])] : []),
    ...(has(ERRORS) ? [directive(NAMESPACE, [['stack'], ['stack', 'errorCode']], ['Errors'])] : []),
  ].join();
}

const units: Readonly<Record<string, Unit>> = {
  Latency: 'Milliseconds',
  KafkaLatency: 'Milliseconds',
  BytesIn: 'Bytes',
  BytesOut: 'Bytes',
};

/** Without a unit it is a count. */
const directive = (namespace: string, dimensions: readonly (readonly string[])[], names: readonly string[]): string =>
  JSON.stringify({
    Namespace: namespace,
    Dimensions: dimensions,
    Metrics: names.map((name) => ({ Name: name, ...(Object.hasOwn(units, name) && { Unit: units[name] }) })),
  });
