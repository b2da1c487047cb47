import type { IncomingMessage, ServerResponse } from 'node:http';
import { corsHeaders } from '../admission/cors.ts';
import type { GatewayError } from '../errors.ts';
import { asGatewayError, errorResult } from '../http/error-response.ts';
import type { GatewayHandler } from '../http/gateway-handler.ts';
import { logAnswer, logError } from '../http/request-log.ts';
import type { GatewayResult } from '../http/response.ts';
import { writeStream } from '../http/write-stream.ts';
import { bodyTooLarge, hostMissing, transferCodingNotSupported } from '../messages/requests.ts';
import { requestContext } from './context.ts';
import { type HttpEvent, httpEvent, targetOf, withBody } from './http-event.ts';
import { identify } from './identify.ts';

/** API Gateway's limit. It applies before a function decompresses the body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** How long the rest of a body that is too large is read. */
const LEFTOVERS_MS = 2000;

/** Answers a request to this process with a handler for API Gateway's events. Always resolves. */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  handlerFor: (event: HttpEvent) => GatewayHandler | Promise<GatewayHandler>,
  closing: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  const left = new AbortController();
  response.once('close', () => left.abort());
  for (const [name, value] of Object.entries(corsHeaders(request.headers.origin))) response.setHeader(name, value);
  let requestId = '';
  let bytesIn = 0;
  try {
    const received = httpEvent(request);
    requestId = received.requestContext.requestId;
    refuseWithoutHost(request);
    refuseCodings(request);
    const body = await bodyOf(request);
    if (body === null) throw bodyTooLarge(MAX_BODY_BYTES);
    bytesIn = body.length;
    const event = await identify(withBody(received, body));
    const handler = await handlerFor(event);
    await respond(await handler(event, requestContext(requestId, { gone: left.signal, closing })), response, request.method === 'HEAD');
  } catch (thrown) {
    // The handler answers its own errors: this one is of who is calling, or of what was sent.
    if (left.signal.aborted) return;
    const error = asGatewayError(thrown, requestId);
    const bytesOut = refuse(request, response, error, requestId);
    logError(error, { requestId, principal: null });
    logAnswer({
      ...{ requestId, startedAt, error, bytesIn, bytesOut, route: null, principal: null, mode: undefined },
      ...{ method: request.method ?? '', status: error.status },
    });
  }
}

async function respond(
  { statusCode, headers, body, isBase64Encoded, stream }: GatewayResult,
  response: ServerResponse,
  isHead: boolean,
): Promise<void> {
  if (stream === undefined) {
    const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
    // Keep the `vary` that CORS has set.
    if (headers.vary !== undefined) response.appendHeader('vary', headers.vary);
    delete headers.vary;
    // The length in an answer to HEAD would be that of the body of GET (RFC 9110, section 8.6).
    response.writeHead(statusCode, statusCode === 204 || isHead ? headers : { ...headers, 'content-length': bytes.length });
    response.end(bytes);
    return;
  }
  response.writeHead(statusCode, headers);
  await writeStream(stream, response);
  response.end();
}

/** Answers with an error in the API's usual shape. @returns the size of the body */
function refuse(request: IncomingMessage, response: ServerResponse, error: GatewayError, requestId: string): number {
  if (response.headersSent) {
    response.destroy();
    return 0;
  }
  const { headers, body } = errorResult(error, targetOf(request).path, request.headers.accept, requestId);
  const length = Buffer.byteLength(body);
  response.writeHead(error.status, { ...headers, connection: 'close', ...(request.method !== 'HEAD' && { 'content-length': length }) });
  response.end(body);
  return length;
}

/** Servers must refuse these (RFC 9112, section 3.2). */
function refuseWithoutHost({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion === '1.1' && headers.host === undefined) throw hostMissing();
}

/** Node's parser undoes `chunked`, and passes the bytes of other codings on as they are (RFC 9112, section 6.1). */
function refuseCodings({ headers }: IncomingMessage): void {
  const codings = headers['transfer-encoding'];
  if (codings !== undefined && codings.toLowerCase() !== 'chunked') throw transferCodingNotSupported(codings);
}

/** The body; null if it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) break;
    chunks.push(chunk);
  }
  if (size <= MAX_BODY_BYTES) return Buffer.concat(chunks);
  await passLeftovers(request);
  return null;
}

/** Reads the rest of a body, or as much as comes in time: a client that still sends may see a broken connection in place of an answer. */
async function passLeftovers(request: IncomingMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LEFTOVERS_MS);
  for (const event of ['end', 'close', 'error']) request.once(event, resolve);
  request.on('data', () => undefined);
  await promise;
  clearTimeout(timer);
}
