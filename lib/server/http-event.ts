import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { CallerContext } from '../access/caller.ts';
import { sourceAddressOf } from './source-address.ts';

/** The parts of an HTTP API event (payload format 2.0) that the gateway reads. */
export interface HttpEvent {
  version: '2.0';
  routeKey: '$default';
  rawPath: string;
  rawQueryString: string;
  headers: Record<string, string>;
  requestContext: {
    requestId: string;
    stage: '$default';
    http: { method: string; path: string; sourceIp: string };
    authorizer?: { lambda: CallerContext };
  };
  body?: string;
  isBase64Encoded: boolean;
}

/** The event that API Gateway would make from a request to this process, without its body. */
export function httpEvent(request: IncomingMessage): HttpEvent {
  const { method = '', headers } = request;
  const { path, query } = targetOf(request);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value]],
      ),
    ),
    requestContext: {
      requestId: randomUUID(),
      stage: '$default',
      http: { method, path, sourceIp: sourceAddressOf(request) },
    },
    isBase64Encoded: false,
  };
}

/** The event with a body. */
export const withBody = (event: HttpEvent, body: Buffer): HttpEvent =>
  body.length === 0 ? event : { ...event, body: body.toString('base64'), isBase64Encoded: true };

/** The path and the query string of a request, also of one to a proxy, which has a full URL. */
export function targetOf({ url = '/' }: IncomingMessage): { path: string; query: string } {
  const target = url.startsWith('/') ? url : pathIn(url);
  const mark = target.indexOf('?');
  return mark === -1 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

function pathIn(url: string): string {
  const found = /^https?:\/\/[^/?#]*([^#]*)/i.exec(url);
  return found === null ? '/' : found[1].startsWith('/') ? found[1] : `/${found[1]}`;
}
