import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { AwsV4Signer } from 'aws4fetch';
import { consolePageFor } from './console-page.ts';

/** The credentials that sign requests. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

export interface ProxyOptions {
  /** The URL of the gateway, with its stage, if any. */
  gateway: string;
  region: string;
  /** Called for each request, because credentials expire. */
  credentials: () => Promise<AwsCredentials>;
  /** 0 for any free port. */
  port?: number;
}

/** A console on this machine, for whoever knows its URL. */
export interface ConsoleProxy extends AsyncDisposable {
  /** The base URL of the whole gateway. It contains a secret. */
  url: string;
}

/** The headers that the proxy forwards: no cookie, no origin, and no credentials except the signature. */
const SENT = ['accept', 'content-type', 'if-match', 'if-none-match', 'last-event-id', 'idempotency-key'];
/** The response headers that the proxy drops: it forwards the body without compression. */
const LOST = ['connection', 'keep-alive', 'transfer-encoding', 'content-encoding', 'content-length'];
const MOST_BYTES = 10 * 1024 * 1024;

/**
 * Serves a gateway on the loopback address, and signs requests with AWS credentials, which browsers cannot do (Signature Version 4). It
 * answers no other pages in the same browser: they do not know the secret in the path, their origins are refused, and so are host names
 * that an attacker makes resolve to this machine.
 */
export async function startConsoleProxy({ gateway, region, credentials, port = 0 }: ProxyOptions): Promise<ConsoleProxy> {
  const secret = randomBytes(32).toString('base64url');
  const base = new URL(gateway);
  const service = base.hostname.includes('.lambda-url.') ? 'lambda' : 'execute-api';
  const closing = new AbortController();

  const server = createServer(async (request, response) => {
    try {
      await answer(request, response);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      refuse(response, 502, `The gateway cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
    }
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOfThisPage(request, own())) return refuse(response, 403, 'Only the console itself is answered here');
    const [, given = '', path = ''] = /^\/([^/?]*)(.*)$/s.exec(request.url ?? '') ?? [];
    if (!isSame(given, secret)) return refuse(response, 404, 'Open the address that npm run console has printed');
    const body = await bodyOf(request);
    if (body === null) return refuse(response, 413, `More than ${MOST_BYTES} bytes cannot be signed`);
    const left = new AbortController();
    response.once('close', () => left.abort());
    const answered = await ask(request, path, body, AbortSignal.any([left.signal, closing.signal]));
    const headers = Object.fromEntries([...answered.headers].filter(([name]) => !LOST.includes(name)));
    if (/^\/console(?:\?|$)/.test(path) && answered.ok) {
      const { html, etag } = consolePageFor(await answered.text(), `/${secret}`);
      response.writeHead(200, { ...headers, etag, 'cache-control': 'no-store' }).end(html);
      return;
    }
    response.writeHead(answered.status, headers);
    if (answered.body === null) return void response.end();
    Readable.fromWeb(answered.body)
      .on('error', () => response.destroy())
      .pipe(response);
  }

  async function ask(request: IncomingMessage, path: string, body: Buffer<ArrayBuffer>, signal: AbortSignal): Promise<Response> {
    const url = `${base.href.replace(/\/$/, '')}${path}`;
    const { method = 'GET' } = request;
    const sent = body.length > 0 ? { body } : {};
    // Headers that may change on the way are not signed.
    const { headers } = await new AwsV4Signer({ ...(await credentialsFor()), url, method, region, service, ...sent }).sign();
    headers.set('accept-encoding', 'identity');
    for (const name of SENT) {
      const value = request.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    return fetch(url, { method, headers, redirect: 'manual', signal, ...sent });
  }

  async function credentialsFor() {
    const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  }

  const own = (): string => {
    const address = server.address();
    return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  };

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://${own()}/${secret}`,
    async [Symbol.asyncDispose]() {
      closing.abort();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Whether a request is for this address, and comes from a page of it or from the address bar. */
function isOfThisPage({ headers }: IncomingMessage, own: string): boolean {
  const { host, origin, 'sec-fetch-site': site } = headers;
  return (
    host === own && (origin ?? `http://${own}`) === `http://${own}` && [undefined, 'none', 'same-origin'].includes(String(site ?? 'none'))
  );
}

function isSame(given: string, secret: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The whole body, which the signature covers; null if it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer> | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const refuse = (response: ServerResponse, status: number, message: string): void =>
  void response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(`${message}\n`);
