import { type AgentOptions, Agent as HttpAgent, type IncomingMessage, request as requestByHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestByHttps } from 'node:https';
import { checkTarget, guardedLookup, type Resolve, systemResolve, TargetRefused, type Targets } from './target.ts';

/** What an endpoint answered. */
export interface Answer {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** At most the first 64 KiB of the body; empty for a success of which the caller wants only the status. */
  readonly text: string;
}

/**
 * Posts a body.
 *
 * @param wants what the caller needs of a success: only the status, unless it is the body
 * @param isOnce true: the endpoint must not get the request twice, whatever happens
 * @throws {Error} when there is no response; {@link TargetRefused} when the gateway may not send the request
 */
export type Post = (
  url: URL,
  headers: Record<string, string>,
  body: Buffer,
  timeoutMs: number,
  wants?: 'status' | 'body',
  isOnce?: boolean,
) => Promise<Answer>;

/** Most bytes that are read of a response body. */
const MOST_READ = 64 * 1024;
/** Most bytes of a response's headers: Node's own limit would make a success with more of them a failure, to be delivered again for days. */
const MOST_HEADERS = 64 * 1024;
/** How long the body of a success is drained, so that its connection can be reused. */
const LEFTOVERS_MS = 1000;
const IDLE_MS = 10_000;

const agentOptions = { keepAlive: true, timeout: IDLE_MS, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 64 };

/**
 * Makes the function that posts to targets. It keeps connections alive, checks the address that it connects to, follows no redirects and
 * ignores proxies from the environment.
 *
 * @param resolve finds the addresses of a name
 * @param options of TLS, such as a private CA
 */
export function poster(targets: Targets, resolve: Resolve = systemResolve, options: { ca?: string } = {}): Post {
  const guarded = { lookup: guardedLookup(resolve) };
  const agentsOf = (kind: AgentOptions) => ({
    free: new Map([
      ['http:', new HttpAgent(kind)],
      ['https:', new HttpsAgent({ ...kind, ...options })],
    ]),
    watched: new HttpsAgent({ ...kind, ...options, ...guarded }),
  });
  const kept = agentsOf(agentOptions);
  // For requests that must not be sent twice: if a reused connection breaks, nobody knows whether the endpoint got the request.
  const fresh = agentsOf({});

  const send = (until: number, ...[url, headers, body, timeoutMs, wants, isOnce]: Parameters<Post>): Promise<Answer> => {
    const isNamed = targets.origins.includes(url.origin);
    const agents = isOnce ? fresh : kept;
    const agent = isNamed ? agents.free.get(url.protocol) : agents.watched;
    const { promise, resolve: answer, reject } = Promise.withResolvers<Answer>();
    const begin = url.protocol === 'http:' ? requestByHttp : requestByHttps;
    const request = begin(url, {
      method: 'POST',
      maxHeaderSize: MOST_HEADERS,
      headers: { ...headers, 'content-length': body.length },
      ...(agent && { agent }),
      ...(!isNamed && guarded),
    });
    let isLate = false;
    let isAnswered = false;
    const late = () => new Error(`no answer within ${Math.round(timeoutMs / 1000)} s`);
    // An AbortSignal would cost more than everything here but the request itself.
    const timer = setTimeout(
      () => {
        isLate = true;
        // Of a request whose connection is closed already, no event would tell.
        if (!isAnswered) reject(late());
        request.destroy(new Error('the time is over'));
      },
      Math.max(1, until - Date.now()),
    );
    request.on('error', (cause) => {
      // The status has arrived, and only it counts: the body ends here.
      if (isAnswered) return;
      clearTimeout(timer);
      // The endpoint may close an idle connection at any time: that is not a failure of the endpoint.
      if (!isLate && request.reusedSocket && 'code' in cause && cause.code === 'ECONNRESET')
        answer(send(until, url, headers, body, timeoutMs, wants));
      else reject(cause);
    });
    request.on('upgrade', (response, socket) => {
      clearTimeout(timer);
      socket.destroy();
      answer({ status: response.statusCode ?? 0, headers: response.headers, text: '' });
    });
    request.on('response', (response) => {
      isAnswered = true;
      const { statusCode: status = 0, headers: answered } = response;
      if (status >= 200 && status < 300 && wants !== 'body') {
        clearTimeout(timer);
        answer({ status, headers: answered, text: '' });
        return leftovers(response);
      }
      beginning(response).then((text) => {
        clearTimeout(timer);
        if (isLate && wants === 'body') reject(late());
        else answer({ status, headers: answered, text });
      });
    });
    request.end(body);
    return promise;
  };
  return async (...parameters) => {
    const [url, , , timeoutMs] = parameters;
    checkTarget(url, targets);
    return send(Date.now() + timeoutMs, ...parameters);
  };
}

/** Drains a response so that its connection can be reused; closes the connection if the rest is long or slow. */
function leftovers(response: IncomingMessage): void {
  let length = 0;
  const timer = setTimeout(() => response.destroy(), LEFTOVERS_MS);
  response.on('close', () => clearTimeout(timer));
  // The status has arrived, and only it counts.
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length >= MOST_READ) response.destroy();
  });
}

/** The beginning of a body, as much as arrives. */
async function beginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MOST_READ) break;
    }
  } catch {
    // The status has arrived, and only it counts.
  }
  return Buffer.concat(chunks).toString('utf8', 0, Math.min(length, MOST_READ));
}
