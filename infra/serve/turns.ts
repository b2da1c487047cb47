import type { Socket } from 'node:net';

/** How many requests of a connection may wait. Clients that send requests without waiting for answers have tens of them under way. */
const MOST_WAITING = 1000;

/**
 * Serves the requests of each connection one after the other. Node hands them over as soon as they are read, but only safe methods may be
 * carried out at one time (RFC 9112, section 9.3.2): of two records in requests behind each other, the second could be written first. And a
 * single connection could have any number of long polls under way, each of which has its own connection to Kafka.
 */
export class Turns {
  readonly #last = new WeakMap<Socket, Promise<void>>();
  readonly #waiting = new WeakMap<Socket, number>();

  /**
   * Serves a request once those before it on its connection are served. A connection with too many is closed.
   *
   * @param serve always resolves; is not called when the client has left by then
   */
  async take(socket: Socket, serve: () => Promise<void>): Promise<void> {
    const waiting = this.#waiting.get(socket) ?? 0;
    if (waiting > MOST_WAITING) {
      socket.destroy();
      return;
    }
    this.#waiting.set(socket, waiting + 1);
    const before = this.#last.get(socket);
    const served = before === undefined ? serve() : before.then(() => (socket.destroyed ? undefined : serve()));
    this.#last.set(socket, served);
    await served;
    const left = (this.#waiting.get(socket) ?? 1) - 1;
    this.#waiting.set(socket, left);
    // The next request need not wait for a promise.
    if (left === 0) this.#last.delete(socket);
  }
}
