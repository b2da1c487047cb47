import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import type { Unanswered } from '../../lib/server/refuse-unreadable.ts';

interface OpenConnection {
  readonly responses: Set<ServerResponse>;
  /** The bytes received when the last response had gone out. Any more are the beginning of a request. */
  received: number;
}

/**
 * The connections of an HTTP server, for its end. Node's own `close` cuts off responses that slow clients are still receiving, and keeps
 * connections that were never used, or that had a request under way.
 */
export class OpenConnections {
  readonly #server: Server;
  readonly #open = new Map<Socket, OpenConnection>();
  #isClosing = false;

  /** @param server one that has no listeners for requests yet */
  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#open.set(socket, { responses: new Set(), received: 0 });
      socket.once('close', () => this.#open.delete(socket));
    });
    server.on('upgrade', ({ socket }) => this.#open.delete(socket));
    server.on('request', ({ socket }, response) => this.#begin(socket, response));
  }

  /** Accepts no more connections, and closes each as soon as it has no request. The server's `close` event follows the last. */
  close(): void {
    this.#isClosing = true;
    NetServer.prototype.close.call(this.#server);
    for (const [socket, { responses, received }] of this.#open) {
      // Node ends the connection behind the response that says so: requests may have come behind that one.
      const last = [...responses].at(-1);
      if (last?.headersSent === false) last.setHeader('connection', 'close');
      if (responses.size === 0 && socket.bytesRead === received) socket.destroy();
    }
  }

  /** What a connection has of requests that are not answered. */
  unansweredOn(socket: Socket): Unanswered {
    const { responses = [], received = 0 } = this.#open.get(socket) ?? {};
    return { responses: [...responses], hasBegun: socket.bytesRead > received };
  }

  #begin(socket: Socket, response: ServerResponse): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    connection.responses.add(response);
    if (this.#isClosing) response.setHeader('connection', 'close');
    // After the last byte has gone to the system, or the connection has ended.
    response.once('close', () => {
      connection.responses.delete(response);
      connection.received = socket.bytesRead;
      if (this.#isClosing && connection.responses.size === 0) socket.destroySoon();
    });
  }
}
