import type { Writable } from 'node:stream';

type Done = (error?: Error | null) => void;

/** Below this size, buffers that go out together are joined into one; above it, they go to the socket as they are. */
const JOIN_BELOW = 65_536;

/**
 * Requests that are about to go out on a socket. Those made at one time, before anything else happens, leave in one write: the write is
 * the main cost of a small request.
 */
export class Outbox {
  readonly #socket: () => Writable;
  #buffers: Buffer[] = [];
  #done: Done[] = [];

  /** @param socket called when something goes out */
  constructor(socket: () => Writable) {
    this.#socket = socket;
  }

  /**
   * @param done called when the operating system has taken the request, or with an error; not before this returns
   * @returns the bytes of the request
   */
  put(request: readonly Buffer[], done?: Done): number {
    // In a promise reaction, as most requests are made, this waits for all other reactions that are ready.
    if (this.#buffers.length === 0) process.nextTick(() => this.#empty());
    let size = 0;
    for (const part of request) {
      this.#buffers.push(part);
      size += part.length;
    }
    if (done) this.#done.push(done);
    return size;
  }

  #empty(): void {
    const [buffers, waiting, socket] = [this.#buffers, this.#done, this.#socket()];
    this.#buffers = [];
    this.#done = [];
    const tell = (error?: Error | null): void => {
      for (const done of waiting) done(error);
    };
    const size = buffers.reduce((sum, { length }) => sum + length, 0);
    const parts = size < JOIN_BELOW && buffers.length > 1 ? [Buffer.concat(buffers, size)] : buffers;
    const last = parts.length - 1;
    if (last > 0) socket.cork();
    for (let i = 0; i < last; i++) socket.write(parts[i]);
    socket.write(parts[last], waiting.length > 0 ? tell : undefined);
    if (last > 0) socket.uncork();
  }
}
