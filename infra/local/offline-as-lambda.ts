import { type IncomingMessage, Server } from 'node:http';
import { type CorsService, offlineCors } from './offline-cors.ts';

type Variables = Record<string, string | object | null>;

/** The part of the framework's object that this plugin uses. */
interface Serverless {
  service: CorsService & { provider: { environment: Variables }; functions: Record<string, { environment?: Variables }> };
}

/** Plugin of the framework: makes `serverless offline` treat functions as Lambda and API Gateway do, where it does not by itself. */
export default class OfflineAsLambda {
  readonly hooks: Record<string, () => void | Promise<void>>;

  constructor({ service }: Serverless) {
    const prepare = (): void => {
      leaveOutUnset(service.provider.environment);
      for (const { environment = {} } of Object.values(service.functions)) leaveOutUnset(environment);
      receiveAsLambda(offlineCors(service));
    };
    const deliver = () => deliverSubscriptions(process.env.GATEWAY_PUSH);
    this.hooks = {
      ...{ 'before:offline:start': prepare, 'before:offline:start:init': prepare },
      ...{ 'after:offline:start:init': deliver },
    };
  }
}

/** What a clock does on AWS: has the function `deliver` work, here without a pause, until this process ends. */
async function deliverSubscriptions(mode = 'off'): Promise<void> {
  if (mode === '' || mode === 'off') return;
  const { handler } = await import('../../functions/deliver.ts');
  const work = async (): Promise<void> => {
    try {
      await handler({}, { getRemainingTimeInMillis: () => INVOCATION_MS });
    } catch (error) {
      console.error('Subscriptions are not delivered:', error);
    }
    setTimeout(work, PAUSE_MS);
  };
  void work();
}

/** As deployed. */
const INVOCATION_MS = 80_000;
const PAUSE_MS = 1000;

/** A variable that is null is not deployed, but would be the text "null" here; what names a resource of the stack has no value here. */
function leaveOutUnset(environment: Variables): void {
  for (const [name, value] of Object.entries(environment)) if (typeof value !== 'string') delete environment[name];
}

/**
 * Lets bodies reach the functions as base64, so that those which are no text survive. serverless-offline does that for
 * `application/octet-stream` alone, which it reads in Node's parsed headers, while it builds the event from the raw ones, where the
 * client's own type stays. And keeps clients from using a header of serverless-offline's in which they could say who they are.
 *
 * @param prepare done to each request besides
 */
function receiveAsLambda(prepare: (request: IncomingMessage) => void): void {
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event: string | symbol, ...parameters: unknown[]): boolean {
    const [request] = parameters;
    if (event === 'request' && isRequest(request)) {
      // Without a type it would be taken for JSON.
      if (request.headers['content-type'] === undefined) request.rawHeaders.push('content-type', OCTETS);
      request.headers['content-type'] = OCTETS;
      leaveOut(request, FORGED);
      prepare(request);
    }
    return Reflect.apply(emit, this, [event, ...parameters]);
  };
}

/** Takes a header away, wherever it stands. */
function leaveOut(request: IncomingMessage, name: string): void {
  delete request.headers[name];
  const { rawHeaders } = request;
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) if (rawHeaders[i].toLowerCase() === name) rawHeaders.splice(i, 2);
}

const FORGED = 'sls-offline-authorizer-override';
const OCTETS = 'application/octet-stream';
const isRequest = (value: unknown): value is IncomingMessage => typeof value === 'object' && value !== null && 'rawHeaders' in value;
