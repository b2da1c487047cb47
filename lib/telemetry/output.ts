import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** Where the log goes. An object, so that whoever wants the lines for themselves can take the place of `write`. */
export const output = {
  /**
   * Writes a line to stdout before it returns: Lambda freezes the process as soon as it has the answer, and a stream would keep back
   * what it cannot write at once. It costs a system call and no stream. Never throws.
   *
   * @param line with its line break
   */
  write(line: string): void {
    const { stdout } = process;
    // Behind what the stream still has to write, and in a thread, whose stdout is none of the process's, the stream keeps the order.
    if (!isMainThread || stdout.writableLength > 0) {
      stdout.write(line);
      return;
    }
    const rest = unwritten(line);
    if (rest !== null) stdout.write(rest);
  },
};

/** Writes what the pipe takes; returns the rest, null where there is none. */
function unwritten(line: string): string | Buffer | null {
  try {
    const written = writeSync(1, line);
    return written === Buffer.byteLength(line) ? null : Buffer.from(line).subarray(written);
  } catch {
    // The pipe is full (EAGAIN), or is none: the stream waits for it, or reports it.
    return line;
  }
}
