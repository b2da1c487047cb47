import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** The log's output. An object, so that others can replace `write` to get the lines. */
export const output = {
  /**
   * Writes a line to stdout synchronously: Lambda freezes the process once it has the response, and a stream would hold back what it cannot
   * write at once. Costs one system call. Never throws.
   *
   * @param line with its line break
   */
  write(line: string): void {
    const { stdout } = process;
    // The stream keeps the order of lines if it still has some to write, and in a worker thread, whose stdout is not the process's.
    if (!isMainThread || stdout.writableLength > 0) {
      stdout.write(line);
      return;
    }
    const rest = unwritten(line);
    if (rest !== null) stdout.write(rest);
  },
};

/** Each character takes at most three bytes. */
const MOST_CHARACTERS = 20_000;
/** All lines are encoded into this buffer, so that nothing is allocated. */
const room = Buffer.allocUnsafeSlow(3 * MOST_CHARACTERS);

/** Writes what the pipe accepts; returns the rest, or null if there is none. */
function unwritten(line: string): string | Buffer | null {
  const bytes = line.length > MOST_CHARACTERS ? Buffer.from(line) : room;
  const length = bytes === room ? room.write(line) : bytes.length;
  try {
    const written = writeSync(1, bytes, 0, length);
    // A copy, because the next line overwrites the buffer.
    return written === length ? null : Buffer.from(bytes.subarray(written, length));
  } catch {
    // The pipe is full (EAGAIN) or broken: the stream waits for it, or reports it.
    return line;
  }
}
