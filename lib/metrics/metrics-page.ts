import type { IncomingMessage, ServerResponse } from 'node:http';
import { countRequestsBy } from './listener.ts';
import { metricsSettings } from './settings.ts';
import { PROMETHEUS_TYPE, Totals } from './totals.ts';

/**
 * Counts the requests that this process answers, for a `node:http` server that shows the totals at `/metrics`: see {@link answerMetrics}.
 * On Lambda, no single instance knows the totals; there, log lines carry the same numbers.
 */
export function countRequests(): Totals {
  const totals = new Totals();
  countRequestsBy((request) => totals.count(metricsSettings.function, request));
  return totals;
}

/** Answers Prometheus's request for the totals. */
export function answerMetrics(totals: Totals, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const text = totals.text();
  response.writeHead(200, { 'content-type': PROMETHEUS_TYPE, 'cache-control': 'no-store', 'content-length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? undefined : text);
}
