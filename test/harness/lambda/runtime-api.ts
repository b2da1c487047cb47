import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** Lambda accepts and returns at most 6 MB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024 + 100;

/** What a handler returns to API Gateway (payload 2.0). */
export interface HttpResponse {
  statusCode: number;
  headers: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
  /** The body of a streaming handler, as it comes. */
  chunks?: AsyncIterable<Buffer>;
}

/** How a function fails: the `errorType` and `errorMessage` that Lambda returns instead of a response. */
export class FunctionError extends Error {
  readonly errorType: string;

  constructor(errorType: string, errorMessage: string) {
    super(`${errorType}: ${errorMessage}`);
    this.name = 'FunctionError';
    this.errorType = errorType;
  }
}

/** The Runtime API of one execution environment: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export interface RuntimeApi {
  /** `host:port`, the value of AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** Resolves once the function waits for an event and has nothing else in progress; rejects when it fails for good. */
  idle(): Promise<void>;
  /** Delivers an event, and resolves with the handler's result. `deadline` is in Unix milliseconds. */
  deliver(event: unknown, deadline: number): Promise<HttpResponse>;
  /** Rejects everything that waits, because the function's process can no longer answer. */
  fail(error: FunctionError): void;
  close(): Promise<void>;
}

interface Invocation {
  id: string;
  result: PromiseWithResolvers<HttpResponse>;
}

/** Starts the server, on a free loopback port, that delivers events to the runtime client and receives its results. */
export async function startRuntimeApi(functionName: string): Promise<RuntimeApi> {
  let next: ServerResponse | undefined;
  let invocation: Invocation | undefined;
  let failure: FunctionError | undefined;
  let idle = promisedIdle();

  function settleIdle(): void {
    if (failure) idle.reject(failure);
    else if (next && !invocation) idle.resolve();
  }

  async function whenIdle(): Promise<void> {
    await idle.promise;
    if (failure) throw failure;
  }

  function fail(error: FunctionError): void {
    failure ??= error;
    invocation?.result.reject(error);
    invocation = undefined;
    settleIdle();
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      next = response;
      settleIdle();
      return;
    }
    if (path === 'init/error') fail(functionError(await text(request)));
    else await settle(path, request);
    response.writeHead(202).end();
  }

  async function settle(path: string | undefined, request: IncomingMessage): Promise<void> {
    const current = invocation;
    if (current === undefined || !path?.startsWith(`invocation/${current.id}/`)) throw new Error(`No invocation for ${request.url}`);
    if (request.headers['lambda-runtime-function-response-mode'] === 'streaming') {
      const ended = once(request, 'end');
      current.result.resolve(await streamed(request));
      await ended;
      invocation = undefined;
      settleIdle();
      return;
    }
    const body = await text(request);
    invocation = undefined;
    if (path.endsWith('/error')) current.result.reject(functionError(body));
    else if (Buffer.byteLength(body) > MAX_PAYLOAD_BYTES) current.result.reject(tooLarge('Response', body));
    else current.result.resolve(JSON.parse(body));
    settleIdle();
  }

  async function deliver(event: unknown, deadline: number): Promise<HttpResponse> {
    const payload = JSON.stringify(event);
    if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) throw tooLarge('Request', payload);
    await whenIdle();
    if (next === undefined || invocation) throw new Error('Lambda hands an environment one event at a time');

    invocation = { id: randomUUID(), result: Promise.withResolvers() };
    const { id, result } = invocation;
    const response = next;
    next = undefined;
    idle = promisedIdle();
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': deadline,
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:eu-central-1:123456789012:function:${functionName}`,
      'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
    });
    response.end(payload);
    return result.promise;
  }

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  // A frozen function must find its connections unchanged.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The Runtime API has no port');

  return {
    address: `127.0.0.1:${address.port}`,
    idle: whenIdle,
    deliver,
    fail,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A function may fail while nobody waits for it; a later caller still gets the error. */
function promisedIdle(): PromiseWithResolvers<void> {
  const idle = Promise.withResolvers<void>();
  idle.promise.catch(() => undefined);
  return idle;
}

/** Reads the status and headers, which end in eight NULs, and then the body as it comes. */
async function streamed(request: IncomingMessage): Promise<HttpResponse> {
  const chunks: AsyncIterator<Buffer> = request[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (!head.includes(DELIMITER)) {
    const { value, done } = await chunks.next();
    if (done) throw new Error(`The stream has no status: ${head}`);
    head = Buffer.concat([head, value]);
  }
  const end = head.indexOf(DELIMITER);
  const rest = head.subarray(end + DELIMITER.length);
  async function* body(): AsyncGenerator<Buffer, void> {
    if (rest.length > 0) yield rest;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return { ...JSON.parse(head.toString('utf8', 0, end)), chunks: body() };
}

const DELIMITER = Buffer.alloc(8);

function tooLarge(what: string, body: string): FunctionError {
  const message = `${what} payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes): ${Buffer.byteLength(body)}`;
  return new FunctionError(`Function.${what}SizeTooLarge`, message);
}

function functionError(report: string): FunctionError {
  const { errorType, errorMessage }: { errorType: string; errorMessage: string } = JSON.parse(report);
  return new FunctionError(errorType, errorMessage);
}
