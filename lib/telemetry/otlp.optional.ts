import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { type Attributes, type RequestTrace, type Span, tracingSettings } from './request-trace.ts';

const ERROR = 2;
const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };

/**
 * Sends spans of a trace to a collector, as OTLP over HTTP in JSON. Lambda freezes the process once it has the response, which waits for
 * this no longer than the settings say; spans that the collector has not accepted by then are dropped. Never throws.
 *
 * @returns how many spans were dropped
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export async function exportSpans(trace: RequestTrace, spans: readonly Span[], service: string): Promise<number> {
  try {
    const status = await post(new URL(`${tracingSettings.exportTo}/v1/traces`), JSON.stringify(asOtlp(trace, spans, service)));
    return status >= 200 && status < 300 ? 0 : spans.length;
  } catch {
    return spans.length;
  }
}

/** Resolves with the response's status. Does not use fetch: loading it takes longer than the whole export may take. */
function post(url: URL, body: string): Promise<number> {
  const isTls = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: agents[isTls ? 'https:' : 'http:'],
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      signal: AbortSignal.timeout(tracingSettings.exportMs),
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      // Read the response to its end, so that the connection can be reused.
      response.once('error', reject).once('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    outgoing.end(body);
  });
}

const asOtlp = (trace: RequestTrace, spans: readonly Span[], service: string): object => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf({ 'service.name': service }) },
      scopeSpans: [{ scope: { name: 'kafka-http-gateway' }, spans: spans.map((span) => spanOf(trace, span)) }],
    },
  ],
});

const spanOf = ({ traceId }: RequestTrace, span: Span): object => {
  const { name, kind, spanId, parentId, start, end, attributes, links, droppedLinks, error } = span;
  return {
    traceId,
    spanId,
    ...(parentId !== null && { parentSpanId: parentId }),
    name,
    kind,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    attributes: attributesOf({ ...attributes, ...(error !== null && { 'error.type': error }) }),
    links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId, ...(link.state !== null && { traceState: link.state }) })),
    ...(droppedLinks > 0 && { droppedLinksCount: droppedLinks }),
    ...(error !== null && { status: { code: ERROR } }),
  };
};

const attributesOf = (attributes: Attributes): object[] =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string' ? { stringValue: value } : typeof value === 'boolean' ? { boolValue: value } : { intValue: String(value) },
  }));
