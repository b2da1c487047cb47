import { once } from 'node:events';
import type { Server } from 'node:http';

/**
 * Lets a server listen; resolves when it does.
 *
 * @param variable the environment variable that the port comes from
 * @throws {Error} that names the variable, if another process has the port; otherwise that of `listen`
 */
export async function listen(server: Server, { port, host }: { port: number; host: string }, variable: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isTaken ? new Error(`Port ${port} is in use. Choose another one with ${variable}.`, { cause: error }) : error;
  }
}
