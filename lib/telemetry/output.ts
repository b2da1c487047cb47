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

/** A character is three bytes at most. */
const MOST_CHARACTERS = 20_000;
/** Lines are made bytes of in one place, and nothing is allocated for them. */
const room = Buffer.allocUnsafeSlow(3 * MOST_CHARACTERS);

/** Writes what the pipe takes; returns the rest, null where there is none. */
function unwritten(line: string): string | Buffer | null {
  const bytes = line.length > MOST_CHARACTERS ? Buffer.from(line) : room;
  const length = bytes === room ? room.write(line) : bytes.length;
  try {
    const written = writeSync(1, bytes, 0, length);
    // A copy: the next line is in the same place.
    return written === length ? null : Buffer.from(bytes.subarray(written, length));
  } catch {
    // The pipe is full (EAGAIN), or is none: the stream waits for it, or reports it.
    return line;
  }
}
