import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

// Below the ports of outgoing connections (on Linux from 32768, elsewhere from 49152): while a broker is down, such a connection,
// even a client's to itself, might take the port that the broker returns to.
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** Different TCP ports of the loopback address that are free now, and that no other process gets from here while this one runs. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if ((await isFree(port)) && (await reserve(port))) ports.add(port);
  }
  return [...ports];
}

/** What `npm start` says of a port that another process has. */
export const portInUse = (port: number): string => `Port ${port} is in use. Choose another one: PORT=${port + 1} npm start`;

/** Whether a port of the loopback address is free. @throws {Error} where this process may not open it */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Marks a TCP port with the UDP port of the same number, which this process keeps to its end: what starts on the TCP port takes seconds to
 * listen there, and a broker leaves it for a while when it restarts.
 *
 * @returns false where another process has the mark
 */
function reserve(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const mark = createSocket('udp4').unref();
    mark.once('error', (error: NodeJS.ErrnoException) => {
      mark.close();
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    mark.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
}
