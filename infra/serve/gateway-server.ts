import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { preflight } from '../../lib/server/preflight.ts';
import { refuseUnreadable } from '../../lib/server/refuse-unreadable.ts';
import { serveRequest } from '../../lib/server/serve-request.ts';
import { Sockets } from '../../lib/server/sockets.ts';
import { loadHandlers } from './handlers.ts';
import { listen } from './listen.ts';
import { OpenConnections } from './open-connections.ts';
import { Turns } from './turns.ts';

/** The whole gateway as one process. */
export interface GatewayServer {
  url: string;
  port: number;
  /**
   * Accepts no more requests, asks streams and WebSockets to reconnect elsewhere, and resolves when all requests in flight are answered,
   * after `withinMs` at the latest.
   */
  close(withinMs?: number): Promise<void>;
}

/** Longer than a load balancer keeps an idle connection (usually 60 s): the load balancer must be the one to close it. */
const KEEP_ALIVE_MS = 65_000;
const CLOSE_WITHIN_MS = 30_000;
/** By when a request must have come as a whole. */
const REQUEST_MS = 60_000;
/** Longer than any response takes, and than a stream is silent. */
const SILENCE_MS = 90_000;

/** Ignore other upgrades: Java's client offers HTTP/2 with its first request, whatever that is. */
const wantsWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Serves all routes of the API over HTTP, without TLS, which is left to a proxy in front.
 *
 * @param silenceMs a connection is closed after this time without a byte in either direction: its client reads nothing
 * @param requestMs a request that has not come as a whole after this time, or a quarter more, is refused
 */
export async function startServer({
  port,
  host,
  silenceMs = SILENCE_MS,
  requestMs = REQUEST_MS,
}: {
  port: number;
  host: string;
  silenceMs?: number;
  requestMs?: number;
}): Promise<GatewayServer> {
  const handlerFor = await loadHandlers();
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  // The API says of a missing Host, and of slow requests, what is wrong.
  const answeredHere = { requireHostHeader: false, requestTimeout: requestMs, connectionsCheckingInterval: requestMs / 4 };
  const options = { keepAliveTimeout: KEEP_ALIVE_MS, shouldUpgradeCallback: wantsWebSocket, ...answeredHere };
  const server = createServer(options);
  const connections = new OpenConnections(server);
  const turns = new Turns();
  server.on('request', (request, response) => {
    if (preflight(request, response)) return;
    const serve = () => serveRequest(request, response, handlerFor, closing.signal);
    const served = turns.take(request.socket, serve).finally(() => underWay.delete(served));
    underWay.add(served);
  });
  // Of expectations, HTTP knows 100-continue alone, which Node meets.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('clientError', (error, socket) => {
    if (socket instanceof Socket) refuseUnreadable(error, socket, connections.unansweredOn(socket), requestMs);
    else socket.destroy();
  });
  server.setTimeout(silenceMs);
  const sockets = new Sockets();
  server.on('upgrade', (request, socket, head) => void sockets.upgrade(request, socket, head));
  await listen(server, { port, host }, 'PORT');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shown}:${address.port}`,
    port: address.port,
    async close(withinMs = CLOSE_WITHIN_MS) {
      const closed = once(server, 'close');
      closing.abort();
      connections.close();
      sockets.close();
      const timer = setTimeout(() => {
        server.closeAllConnections();
        sockets.terminate();
      }, withinMs);
      await closed;
      clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}
