import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below what operating systems hand out to outgoing connections (Linux from 32768, others from 49152): a port from there might be
// taken by some connection, even a client's to itself, while a broker is down and means to come back on it.
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** Different TCP ports of the loopback address on which nothing listens now. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

/** Whether nothing listens on a port of the loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
