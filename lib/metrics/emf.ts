import type { MeasuredRequest } from './measured-request.ts';
import type { MetricsSettings } from './settings.ts';

/** The namespaces of metrics in CloudWatch: in general, and of single topics. */
export const NAMESPACE = 'KafkaHttpGateway';
export const TOPICS_NAMESPACE = `${NAMESPACE}/Topics`;

type Unit = 'Milliseconds' | 'Bytes';

/** Bits for the optional metrics that a request has. */
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
 * A request's metrics as members of its log line, each after a comma, in the embedded metric format (EMF), from which CloudWatch Logs
 * extracts metrics. Each combination of dimensions costs money, so topic, caller and error message are not dimensions. Metrics that are
 * zero are left out, except `Faults`, whose average is the share of failed requests.
 *
 * @param now Unix milliseconds
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emfMembers(request: MeasuredRequest, settings: MetricsSettings, now: number): string {
  const { route, status, errorCode, ms, kafkaMs, recordsIn, recordsOut, bytesIn, bytesOut, connections, isFirst, byTopic } = request;
  let bits = route === null ? 0 : ROUTED;
  let values = `,"Requests":1,"Latency":${ms},"Faults":${status >= 500 ? 1 : 0}`;
  const kafka = Math.round(kafkaMs * 100) / 100;
  if (kafka !== 0) {
    bits |= KAFKA;
    values += `,"KafkaLatency":${kafka}`;
  }
  if (route !== null) {
    bits |= (recordsIn && RECORDS_IN) | (recordsOut && RECORDS_OUT) | (bytesIn && BYTES_IN) | (bytesOut && BYTES_OUT);
    if (recordsIn !== 0) values += `,"RecordsIn":${recordsIn}`;
    if (recordsOut !== 0) values += `,"RecordsOut":${recordsOut}`;
    if (bytesIn !== 0) values += `,"BytesIn":${bytesIn}`;
    if (bytesOut !== 0) values += `,"BytesOut":${bytesOut}`;
  }
  if (connections !== 0 || isFirst || status === 429 || errorCode !== null) {
    bits |= (connections && CONNECTIONS) | (isFirst ? COLD : 0) | (status === 429 ? THROTTLED : 0) | (errorCode === null ? 0 : ERRORS);
    if (connections !== 0) values += `,"Connections":${connections}`;
    if (isFirst) values += ',"ColdStart":1';
    if (status === 429) values += ',"Throttled":1';
    if (errorCode !== null) values += `,"Errors":1,"errorCode":"${errorCode}"`;
  }
  let ofTopics = '';
  if (byTopic.size > 0) {
    const metrics = [...byTopic.keys()].slice(0, MAX_METRICS);
    ofTopics = `,${directive(TOPICS_NAMESPACE, [['stack']], metrics)}`;
    for (const name of metrics) values += `,"${name}":${byTopic.get(name)}`;
  }
  const { directives, dimensions } = frameOf(bits, Math.floor(status / 100), settings);
  return `,"_aws":{"Timestamp":${now},"CloudWatchMetrics":[${directives}${ofTopics}]}${dimensions}${values}`;
}

/** The specification's limit for one directive. */
const MAX_METRICS = 100;

/** The common part of lines with the same metrics and class of status. */
interface Frame {
  directives: string;
  dimensions: string;
}

const frames = new Map<number, Frame>();
/** The deployment that the frames are for. */
let frameNames = { stack: '', function: '' };

function frameOf(bits: number, statusClass: number, { stack, function: name }: MetricsSettings): Frame {
  if (stack !== frameNames.stack || name !== frameNames.function) {
    frames.clear();
    frameNames = { stack, function: name };
  }
  const key = bits * 10 + statusClass;
  let frame = frames.get(key);
  if (frame === undefined) {
    const dimensions = `,"stack":${JSON.stringify(stack)},"function":${JSON.stringify(name)},"statusClass":"${statusClass}xx"`;
    frame = { directives: makeDirectives((bit) => (bits & bit) !== 0), dimensions };
    frames.set(key, frame);
  }
  return frame;
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

/** A metric without a unit is a count. */
const directive = (namespace: string, dimensions: readonly (readonly string[])[], names: readonly string[]): string =>
  JSON.stringify({
    Namespace: namespace,
    Dimensions: dimensions,
    Metrics: names.map((name) => ({ Name: name, ...(Object.hasOwn(units, name) && { Unit: units[name] }) })),
  });
