import type { Writable } from 'node:stream';
import { receive } from '../events/http-api.ts';
import { asHttpApi } from '../events/rest-api.ts';
import type { Routes } from '../http/gateway-handler.ts';
import type { GatewayContext } from '../http/middleware.ts';
import type { GatewayResult } from '../http/response.ts';
import { writeStream } from '../http/write-stream.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { functionHandler } from './function-handler.ts';

/** A handler as Lambda wants one whose answer is streamed. */
type StreamHandler = (event: unknown, out: Writable, context: GatewayContext) => Promise<void>;

/** The part that is used here of what Lambda's runtime puts into the global scope. */
interface LambdaRuntime {
  streamifyResponse(handler: StreamHandler): object;
  HttpResponseStream: { from(out: Writable, metadata: { statusCode: number; headers: Record<string, string> }): Writable };
}

/**
 * Makes a Lambda handler of routes whose answers are sent as they come: to a REST API whose integration streams, or to a function URL.
 * What is in front does not know the origins of CORS, so this does. Where the runtime cannot stream, as those of emulators, the answer is
 * sent when its stream has ended.
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
      // Nobody gets to see it; what it holds is given back when it has begun.
      for await (const _ of result.stream.chunks) break;
      delete result.stream;
    }
    return { ...result, headers: { ...result.headers, ...corsHeaders(headers.origin) } };
  }

  const runtime = lambdaRuntime();
  if (runtime === null) return async (event: unknown, context: GatewayContext) => whole(await answer(event, context));
  return runtime.streamifyResponse(async (event, out, context) => {
    const { statusCode, headers, body, isBase64Encoded, stream } = await answer(event, context);
    const response = runtime.HttpResponseStream.from(out, { statusCode, headers });
    if (stream !== undefined) await writeStream(stream, response);
    // The status goes out with the first piece, even of a body that is empty.
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
