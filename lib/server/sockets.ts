import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { corsHeaders } from '../admission/cors.ts';
import { accessConfig } from '../config/access.ts';
import { GatewayError } from '../errors.ts';
import { LocalSubscriptions } from '../routes/pubsub/local-subscriptions.ts';
import { pubsubSocket } from '../routes/pubsub/socket.ts';
import { log } from '../telemetry/log.ts';
import { requestContext } from './context.ts';
import { httpEvent } from './http-event.ts';
import { identify } from './identify.ts';
import { sourceAddressOf } from './source-address.ts';

/** API Gateway's limit. */
const MAX_MESSAGE_BYTES = 128 * 1024;
/** How many messages of a connection are processed at once; further ones wait in the connection. */
const MOST_AT_A_TIME = 16;
/** How often the server pings a client; a client of which nothing has come by the next ping is gone. */
const PING_MS = 30_000;
const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;

/** The WebSockets of this process. They speak pubsub.proto, like those of API Gateway. */
export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  readonly #open = new Map<string, WebSocket>();
  #isClosing = false;
  readonly #subscriptions = new LocalSubscriptions(
    (connection, text) => this.#send(connection, text),
    (connection) => this.#open.has(connection),
  );
  readonly #handle = pubsubSocket(this.#subscriptions);

  /** Accepts a WebSocket handshake for `/pubsub`, and refuses all others. Always resolves. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until the connection is a WebSocket, nobody else handles its errors.
    const broken = () => socket.destroy();
    socket.on('error', broken);
    try {
      const status = await this.#accept(request, (authorizer, connection) => {
        socket.off('error', broken);
        this.#server.handleUpgrade(request, socket, head, (open) => this.#serve(open, connection, authorizer, request));
      });
      if (status !== null) refuse(socket, status);
    } catch (error) {
      if (error instanceof GatewayError && error.retriable) return refuse(socket, error.status);
      log.error('request_failed', 'A WebSocket cannot be opened', { error });
      refuse(socket, 500);
    }
  }

  /** Asks clients to reconnect elsewhere, including those whose handshake is in progress. */
  close(): void {
    this.#isClosing = true;
    for (const open of this.#open.values()) open.close(GOING_AWAY);
  }

  /** Terminates the connections of clients that have not left. */
  terminate(): void {
    for (const open of this.#open.values()) open.terminate();
  }

  /** The status that refuses the handshake; null to accept it. */
  async #accept(request: IncomingMessage, open: (authorizer: object | undefined, connection: string) => void): Promise<number | null> {
    const event = httpEvent(request);
    // With passthrough, each request carries the caller's credentials, and a message cannot.
    if (!/^\/pubsub\/?$/.test(event.rawPath) || accessConfig().modes.includes('passthrough')) return 404;
    if (!isAllowedOrigin(request)) return 403;
    const connection = randomUUID();
    const authorizer = (await identify(event)).requestContext.authorizer?.lambda;
    const { statusCode } = await this.#handle(eventOf('CONNECT', connection, request, authorizer), requestContext(randomUUID(), null));
    if (statusCode !== 200) return statusCode;
    open(authorizer, connection);
    return null;
  }

  #serve(open: WebSocket, connection: string, authorizer: object | undefined, request: IncomingMessage): void {
    this.#open.set(connection, open);
    let underWay = 0;
    // What was read together with the last of those under way.
    const waiting: string[] = [];
    const carryOut = (text: string): void => {
      void this.#answer(text, connection, authorizer, request).finally(() => {
        const next = waiting.shift();
        if (next !== undefined) return carryOut(next);
        underWay--;
        open.resume();
      });
    };
    let isThere = true;
    const ping = setInterval(() => {
      // While commands wait, nothing is read, and so no answer to a ping.
      if (!isThere && !open.isPaused) return open.terminate();
      isThere = false;
      open.ping();
    }, PING_MS);
    open.on('pong', () => {
      isThere = true;
    });
    open.on('error', () => open.terminate());
    open.on('message', (data, isBinary) => {
      // Its answer to a ping comes behind its commands.
      isThere = true;
      if (isBinary) return open.close(UNSUPPORTED_DATA);
      if (underWay === MOST_AT_A_TIME) {
        waiting.push(String(data));
        return;
      }
      if (++underWay === MOST_AT_A_TIME) open.pause();
      carryOut(String(data));
    });
    open.on('close', () => {
      clearInterval(ping);
      waiting.length = 0;
      this.#open.delete(connection);
      void this.#handle(eventOf('DISCONNECT', connection, request, authorizer), requestContext(randomUUID(), null));
    });
    if (this.#isClosing) open.close(GOING_AWAY);
  }

  async #answer(text: string, connection: string, authorizer: object | undefined, request: IncomingMessage): Promise<void> {
    const event = { ...eventOf('MESSAGE', connection, request, authorizer), body: text };
    const { body } = await this.#handle(event, requestContext(randomUUID(), null));
    if (body !== undefined) await this.#send(connection, body);
  }

  #send(connection: string, text: string): Promise<boolean> {
    const open = this.#open.get(connection);
    return new Promise((resolve) => {
      if (open === undefined || open.readyState !== open.OPEN) resolve(false);
      else open.send(text, (error) => resolve(error === undefined || error === null));
    });
  }
}

/** The event that API Gateway would send. */
const eventOf = (eventType: string, connectionId: string, request: IncomingMessage, authorizer: object | undefined) => ({
  requestContext: {
    ...{ eventType, connectionId, requestId: randomUUID() },
    identity: { sourceIp: sourceAddressOf(request) },
    ...(authorizer !== undefined && { authorizer }),
  },
});

/** Browsers let pages of any origin open a WebSocket, so the server must check the origin. */
function isAllowedOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  if (origin === undefined || URL.parse(origin)?.host === host) return true;
  return corsHeaders(origin)['access-control-allow-origin'] !== undefined;
}

function refuse(socket: Duplex, status: number): void {
  // A client can keep its side open forever, and the server's timeouts no longer apply to it.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
