import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GatewayError } from '../errors.ts';
import { errorResult } from '../http/error-response.ts';
import { logAnswer } from '../http/request-log.ts';
import { headersTooLarge, requestTooSlow, requestUnreadable } from '../messages/requests.ts';
import { targetOf } from './http-event.ts';

/** What a connection has of requests that are not answered. */
export interface Unanswered {
  /** Of the requests of which at least the headers have come. */
  readonly responses: readonly ServerResponse[];
  /** Whether bytes of another request have come. */
  readonly hasBegun: boolean;
}

/**
 * Answers a request that Node cannot read, or that has not come as a whole in time, and closes its connection. Node's own answers have no
 * body, and no line of the log tells of them. Only closes the connection where an answer would be taken for that to another request, and
 * where nobody has asked.
 *
 * @param thrown of the event `clientError`
 * @param withinMs how long the server waits for a request
 */
export function refuseUnreadable(thrown: Error, socket: Duplex, { responses, hasBegun }: Unanswered, withinMs: number): void {
  if (socket.writableEnded && !socket.destroyed) return;
  const [response] = responses;
  const isItsBody = responses.length === 1 && !response.headersSent && !response.req.complete;
  if (!socket.writable || !(isItsBody || (responses.length === 0 && hasBegun))) {
    socket.destroy();
    return;
  }
  const error = errorOf(thrown, withinMs);
  const request = response?.req;
  const requestId = randomUUID();
  const { headers, body } = errorResult(error, request ? targetOf(request).path : '/', request?.headers.accept, requestId);
  const all = { ...response?.getHeaders(), ...headers, connection: 'close', 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${lines.join('')}\r\n${request?.method === 'HEAD' ? '' : body}`);
  logAnswer({
    ...{ requestId, startedAt: performance.now(), error, bytesIn: 0, bytesOut: Buffer.byteLength(body), route: null },
    ...{ principal: null, mode: undefined, method: request?.method ?? '', status: error.status },
  });
}

function errorOf(thrown: Error, withinMs: number): GatewayError {
  const code = 'code' in thrown ? thrown.code : undefined;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return requestTooSlow.with({ as: { status: 408, code: 408 } }, withinMs / 1000);
  if (code === 'HPE_HEADER_OVERFLOW') return headersTooLarge.with({ as: { status: 431, code: 431 } });
  const reason = 'reason' in thrown && typeof thrown.reason === 'string' ? thrown.reason : '';
  return requestUnreadable(reason || 'it is cut off');
}
