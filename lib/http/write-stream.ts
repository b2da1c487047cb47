import type { Writable } from 'node:stream';
import { msUntil } from '../deadline.ts';
import type { ByteStream } from './response.ts';

/** How long after its end a stream may still take to reach its client. */
const GRACE_MS = 5000;

/**
 * Sends a stream, with backpressure. Gives up when the client has left, or has not taken a chunk 5 s after the stream's end. In both cases
 * it resolves.
 */
export async function writeStream({ chunks, until }: ByteStream, out: Writable): Promise<void> {
  for await (const chunk of chunks) {
    if (out.destroyed) return;
    if (out.write(chunk) || (await isDrained(out, until + GRACE_MS))) continue;
    out.destroy();
    return;
  }
}

/** Waits until there is room again; false when time runs out or the client leaves first. */
function isDrained(out: Writable, deadline: number): Promise<boolean> {
  if (out.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), msUntil(deadline));
    const drained = () => settle(true);
    const closed = () => settle(false);
    const settle = (isRoom: boolean) => {
      clearTimeout(timer);
      out.off('drain', drained);
      out.off('close', closed);
      resolve(isRoom);
    };
    out.once('drain', drained);
    out.once('close', closed);
  });
}
