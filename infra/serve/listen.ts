import { once } from 'node:events';
import type { Server } from 'node:http';

/** Codes of a host that is no address of this machine. */
const NO_ADDRESS = ['EADDRNOTAVAIL', 'EAI_AGAIN', 'EINVAL', 'ENOTFOUND'];

/**
 * Lets a server listen; resolves when it does.
 *
 * @param variable the environment variable that the port comes from
 * @throws {Error} that names the variable that must change; for reasons that none can mend, that of `listen`
 */
export async function listen(server: Server, { port, host }: { port: number; host: string }, variable: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const problem = problemOf(code, port, host, variable);
    throw problem === null ? error : new Error(problem, { cause: error });
  }
}

function problemOf(code: string, port: number, host: string, variable: string): string | null {
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Choose another one with ${variable}.`;
  if (code === 'EACCES') return `This process may not open port ${port}. Choose another one, from 1024 on, with ${variable}.`;
  if (NO_ADDRESS.includes(code))
    return `${host} is no address of this machine. Choose another one with HOST, such as 127.0.0.1 or 0.0.0.0.`;
  return null;
}
