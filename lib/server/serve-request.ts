import type { IncomingMessage, ServerResponse } from 'node:http';
import { corsHeaders } from '../admission/cors.ts';
import { GatewayError } from '../errors.ts';
import { headersOf } from '../http/error-response.ts';
import type { GatewayHandler } from '../http/gateway-handler.ts';
import type { GatewayResult } from '../http/response.ts';
import { writeStream } from '../http/write-stream.ts';
import { log } from '../telemetry/log.ts';
import { requestContext } from './context.ts';
import { type HttpEvent, httpEvent } from './http-event.ts';
import { identify } from './identify.ts';

/** API Gateway's limit. It applies before a function decompresses the body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Answers a request to this process with a handler for API Gateway's events. Always resolves. */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  handlerFor: (event: HttpEvent) => GatewayHandler | Promise<GatewayHandler>,
  closing: AbortSignal,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  for (const [name, value] of Object.entries(corsHeaders(request.headers.origin))) response.setHeader(name, value);
  try {
    const body = await bodyOf(request);
    if (body === null) return refuse(response, 413, 'The body is larger than 10 MB: send less at a time');
    const event = await identify(httpEvent(request, body));
    const handler = await handlerFor(event);
    await respond(await handler(event, requestContext(event.requestContext.requestId, { gone: left.signal, closing })), response);
  } catch (error) {
    if (left.signal.aborted) return;
    // Before the handler, which answers its own: of who is calling.
    if (error instanceof GatewayError && error.retriable)
      return refuse(response, error.status, error.message, error.code, headersOf(error));
    log.error('request_failed', 'The request cannot be served', { error });
    refuse(response, 500, 'The gateway failed: ask its operator to read its log');
  }
}

async function respond({ statusCode, headers, body, isBase64Encoded, stream }: GatewayResult, response: ServerResponse): Promise<void> {
  if (stream === undefined) {
    const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
    // Keep the `vary` that CORS has set.
    if (headers.vary !== undefined) response.appendHeader('vary', headers.vary);
    delete headers.vary;
    response.writeHead(statusCode, statusCode === 204 ? headers : { ...headers, 'content-length': bytes.length });
    response.end(bytes);
    return;
  }
  response.writeHead(statusCode, headers);
  await writeStream(stream, response);
  response.end();
}

/** Answers with an error in the API's usual shape. */
function refuse(response: ServerResponse, status: number, message: string, code = status, headers: Record<string, string> = {}): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/vnd.kafka.v2+json', connection: 'close', ...headers });
  response.end(JSON.stringify({ error_code: code, message }));
}

/** The body; null if it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
