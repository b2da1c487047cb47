import type { Writable } from 'node:stream';
import { receive } from '../events/http-api.ts';
import { asHttpApi } from '../events/rest-api.ts';
import type { Routes } from '../http/gateway-handler.ts';
import type { GatewayContext } from '../http/middleware.ts';
import type { GatewayResult } from '../http/response.ts';
import { writeStream } from '../http/write-stream.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { functionHandler } from './function-handler.ts';

/** A Lambda handler that streams its response. */
type StreamHandler = (event: unknown, out: Writable, context: GatewayContext) => Promise<void>;

/** The parts used here of the global object that Lambda's runtime provides. */
interface LambdaRuntime {
  streamifyResponse(handler: StreamHandler): object;
  HttpResponseStream: { from(out: Writable, metadata: { statusCode: number; headers: Record<string, string> }): Writable };
}

/**
 * Makes a Lambda handler that streams responses, behind a REST API with a streaming integration or a function URL. Unlike an HTTP API,
 * these do not handle CORS, so the handler does. If the runtime cannot stream, as in emulators, the response is sent when its stream ends.
 */
export function streamHandler(routes: Routes): object {
  const handle = functionHandler(routes);

  async function answer(event: unknown, context: GatewayContext): Promise<GatewayResult> {
    const request = asHttpApi(event);
    const { method, headers } = receive(request, context);
    const allowed = preflightHeaders(method, headers);
    if (allowed !== null) return { statusCode: 204, headers: allowed, body: '' };
    const result = await handle(request, context);
    if (method === 'HEAD' && result.stream !== undefined) {
      // HEAD gets no body: start the stream and close it, to release its resources.
      for await (const _ of result.stream.chunks) break;
      delete result.stream;
    }
    const cors = corsHeaders(headers.origin);
    // The answer may differ by other headers as well, such as Accept-Encoding.
    if (cors.vary !== undefined && result.headers.vary !== undefined) cors.vary += `, ${result.headers.vary}`;
    return { ...result, headers: { ...result.headers, ...cors } };
  }

  const runtime = lambdaRuntime();
  if (runtime === null) return async (event: unknown, context: GatewayContext) => whole(await answer(event, context));
  return runtime.streamifyResponse(async (event, out, context) => {
    const { statusCode, headers, body, isBase64Encoded, stream } = await answer(event, context);
    const response = runtime.HttpResponseStream.from(out, { statusCode, headers });
    if (stream !== undefined) await writeStream(stream, response);
    // The status goes out with the first chunk, even if the body is empty.
    else response.write(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
    if (!response.destroyed) await new Promise<void>((resolve) => response.end(() => resolve()));
  });
}

async function whole({ stream, ...result }: GatewayResult): Promise<GatewayResult> {
  if (stream === undefined) return result;
  const chunks: Buffer[] = [];
  for await (const chunk of stream.chunks) chunks.push(chunk);
  return { ...result, body: Buffer.concat(chunks).toString() };
}

function lambdaRuntime(): LambdaRuntime | null {
  const found: { awslambda?: LambdaRuntime } = globalThis;
  return found.awslambda ?? null;
}
