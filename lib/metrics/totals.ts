import type { MeasuredRequest } from './measured-request.ts';
import { type Labels, PrometheusText } from './prometheus-text.ts';

/** Upper bounds of the latency histogram, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The totals of a route of a function. */
interface RouteTotals {
  readonly labels: Labels;
  readonly byClass: Map<string, number>;
  /** How many requests are in each bucket; not cumulative. */
  readonly buckets: number[];
  count: number;
  seconds: number;
  kafkaSeconds: number;
  recordsIn: number;
  recordsOut: number;
  bytesIn: number;
  bytesOut: number;
}

/** The totals of all requests that a process has answered, for Prometheus. */
export class Totals {
  readonly #routes = new Map<string, RouteTotals>();
  readonly #errors = new Map<number, number>();
  readonly #topics = new Map<string, number>();
  #throttled = 0;
  #connections = 0;
  #coldStarts = 0;

  /** @param functionName the function that answered the request */
  count(functionName: string, request: MeasuredRequest): void {
    const one = this.#routeOf(functionName, request.route ?? 'none');
    const seconds = request.ms / 1000;
    one.count++;
    one.seconds += seconds;
    one.kafkaSeconds += request.kafkaMs / 1000;
    one.recordsIn += request.recordsIn;
    one.recordsOut += request.recordsOut;
    one.bytesIn += request.bytesIn;
    one.bytesOut += request.bytesOut;
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
    if (bucket !== -1) one.buckets[bucket]++;
    increase(one.byClass, `${Math.floor(request.status / 100)}xx`, 1);
    if (request.errorCode !== null) increase(this.#errors, request.errorCode, 1);
    for (const [name, count] of request.byTopic) increase(this.#topics, name, count);
    if (request.status === 429) this.#throttled++;
    if (request.isFirst) this.#coldStarts++;
    this.#connections += request.connections;
  }

  #routeOf(functionName: string, route: string): RouteTotals {
    const key = `${functionName} ${route}`;
    let totals = this.#routes.get(key);
    if (totals === undefined) {
      const sums = { count: 0, seconds: 0, kafkaSeconds: 0, recordsIn: 0, recordsOut: 0, bytesIn: 0, bytesOut: 0 };
      totals = { labels: { function: functionName, route }, byClass: new Map(), buckets: BUCKETS.map(() => 0), ...sums };
      this.#routes.set(key, totals);
    }
    return totals;
  }

  /** The totals in Prometheus's text format, whose media type is {@link PROMETHEUS_TYPE}. */
  text(): string {
    const out = new PrometheusText('kafka_http_gateway_');
    const routes = [...this.#routes.values()];
    out.counter('requests_total', 'Requests that were answered.');
    for (const { labels, byClass } of routes) {
      for (const [statusClass, count] of byClass) out.sample('requests_total', { ...labels, status_class: statusClass }, count);
    }
    out.histogram('request_duration_seconds', 'How long requests took.');
    for (const { labels, buckets, count, seconds } of routes) {
      out.buckets('request_duration_seconds', labels, { bounds: BUCKETS, buckets, count, sum: seconds });
    }
    out.counter('kafka_wait_seconds_total', 'How long an answer of Kafka was waited for.');
    for (const { labels, kafkaSeconds } of routes) out.sample('kafka_wait_seconds_total', labels, kafkaSeconds);
    out.counter('records_total', 'Records that were written (in) or handed out (out).');
    for (const { labels, recordsIn, recordsOut } of routes) {
      out.sample('records_total', { ...labels, flow: 'in' }, recordsIn);
      out.sample('records_total', { ...labels, flow: 'out' }, recordsOut);
    }
    out.counter('body_bytes_total', 'Bytes of bodies, of requests (in) or of answers (out).');
    for (const { labels, bytesIn, bytesOut } of routes) {
      out.sample('body_bytes_total', { ...labels, flow: 'in' }, bytesIn);
      out.sample('body_bytes_total', { ...labels, flow: 'out' }, bytesOut);
    }
    out.counter('errors_total', 'Requests that were answered with an error, by its code.');
    for (const [code, count] of this.#errors) out.sample('errors_total', { error_code: String(code) }, count);
    out.counter('topic_records_total', 'Records of the topics of GATEWAY_METRIC_TOPICS.');
    for (const [name, count] of this.#topics) {
      const [, flow, topic] = /^(in|out)_(.*)$/.exec(name) ?? ['', '', name];
      out.sample('topic_records_total', { topic, flow }, count);
    }
    out.counter('throttled_total', 'Requests that were answered with 429.');
    out.sample('throttled_total', {}, this.#throttled);
    out.counter('connections_opened_total', 'Connections to brokers that were opened.');
    out.sample('connections_opened_total', {}, this.#connections);
    out.counter('cold_starts_total', 'First requests of processes or threads.');
    out.sample('cold_starts_total', {}, this.#coldStarts);
    return out.toString();
  }
}

/** The media type of {@link Totals.text}. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

function increase<Key>(sums: Map<Key, number>, key: Key, by: number): void {
  sums.set(key, (sums.get(key) ?? 0) + by);
}
