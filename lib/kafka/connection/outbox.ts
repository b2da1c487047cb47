import type { Writable } from 'node:stream';

type Done = (error?: Error | null) => void;

/** Below this what goes out together is joined into one buffer, above it the buffers go to the socket as they are. */
const JOIN_BELOW = 65_536;

/**
 * What is about to go out on a socket. Requests that are made at one time, before anything else is heard of, leave in one write: that is
 * what a small request costs most.
 */
export class Outbox {
  readonly #socket: () => Writable;
  #buffers: Buffer[] = [];
  #done: Done[] = [];

  /** @param socket is asked for when something goes out */
  constructor(socket: () => Writable) {
    this.#socket = socket;
  }

  /** @param done is called when the operating system has taken the request over, or cannot */
  put(request: readonly Buffer[], done?: Done): void {
    // After all that is ready to run has run: promises are settled before it.
    if (this.#buffers.length === 0) process.nextTick(() => this.#empty());
    this.#buffers.push(...request);
    if (done) this.#done.push(done);
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
