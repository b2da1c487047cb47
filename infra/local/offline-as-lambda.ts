import { type IncomingMessage, Server, ServerResponse } from 'node:http';
import { answerMetrics } from '../../lib/metrics/metrics-page.ts';
import { readEmf } from '../../lib/metrics/read-emf.ts';
import { Totals } from '../../lib/metrics/totals.ts';
import { startDeliveries } from '../serve/deliveries.ts';
import { type CorsService, offlineCors } from './offline-cors.ts';
import { openSocketsHere } from './offline-sockets.ts';
import { streamsHere, type TryStream } from './offline-streams.ts';

type Variables = Record<string, string | object | null>;

/** The part of the framework's object that this plugin uses. */
interface Serverless {
  service: CorsService & { provider: { environment: Variables }; functions: Record<string, { environment?: Variables }> };
}

/** Plugin of the framework: makes `serverless offline` treat functions as Lambda and API Gateway do, where it does not do so itself. */
export default class OfflineAsLambda {
  readonly hooks: Record<string, () => void>;

  constructor({ service }: Serverless) {
    const prepare = async (): Promise<void> => {
      leaveOutUnset(service.provider.environment);
      for (const { environment = {} } of Object.values(service.functions)) leaveOutUnset(environment);
      receiveAsLambda(offlineCors(service), totalsOfOutput(), streamsHere(service.provider.environment));
      openSocketsHere();
      startDeliveries(process.env);
    };
    this.hooks = { 'before:offline:start': prepare, 'before:offline:start:init': prepare };
  }
}

/** Null variables are not deployed, but would be the text "null" here; variables with a resource of the stack have no value here. */
function leaveOutUnset(environment: Variables): void {
  for (const [name, value] of Object.entries(environment)) if (typeof value !== 'string') delete environment[name];
}

/**
 * Lets bodies reach the functions as base64, so that binary ones survive. serverless-offline does that only for `application/octet-stream`,
 * which it reads in Node's parsed headers. It builds the event from the raw headers, which keep the client's own type. Also removes a
 * header of serverless-offline with which clients could choose their identity.
 *
 * @param prepare called with each request first
 * @param totals shown at `/metrics`
 * @param streams streams the response, which serverless-offline cannot do; false for any other request
 */
function receiveAsLambda(prepare: (request: IncomingMessage) => void, totals: Totals, streams: TryStream): void {
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event: string | symbol, ...parameters: unknown[]): boolean {
    const [request, response] = parameters;
    if (event === 'request' && isRequest(request) && request.url === '/metrics' && response instanceof ServerResponse) {
      answerMetrics(totals, request, response);
      return true;
    }
    if (event === 'request' && isRequest(request)) {
      request.url = originForm(request.url);
      // A body without a type would be taken for JSON.
      if (request.headers['content-type'] === undefined) request.rawHeaders.push('content-type', OCTETS);
      request.headers['content-type'] = OCTETS;
      leaveOut(request, FORGED);
      prepare(request);
      const otherwise = () => void Reflect.apply(emit, this, [event, ...parameters]);
      if (response instanceof ServerResponse && streams(request, response, otherwise)) return true;
    }
    return Reflect.apply(emit, this, [event, ...parameters]);
  };
}

/** A request target in absolute form, which clients send that treat the gateway as a proxy (RFC 9112, section 3.2.2), as path and query. */
export const originForm = (target = '/'): string => target.replace(/^https?:\/\/[^/?#]*\/?/i, '/');

/** Counts requests by their log lines on stdout: the functions run in threads, which write through this one. */
function totalsOfOutput(): Totals {
  const totals = new Totals();
  const write = process.stdout.write.bind(process.stdout);
  let rest = '';
  process.stdout.write = (chunk: string | Uint8Array, ...others: never[]) => {
    const lines = `${rest}${typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const read = readEmf(line);
      if (read !== null) totals.count(read.functionName, read.request);
    }
    return write(chunk, ...others);
  };
  return totals;
}

/** Removes a header from the parsed and the raw headers. */
function leaveOut(request: IncomingMessage, name: string): void {
  delete request.headers[name];
  const { rawHeaders } = request;
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) if (rawHeaders[i].toLowerCase() === name) rawHeaders.splice(i, 2);
}

const FORGED = 'sls-offline-authorizer-override';
const OCTETS = 'application/octet-stream';
const isRequest = (value: unknown): value is IncomingMessage => typeof value === 'object' && value !== null && 'rawHeaders' in value;
