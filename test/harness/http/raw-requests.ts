import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { startServer } from '../../../infra/serve/gateway-server.ts';

/** The line of a request that HTTP/1.1 demands. */
export const HOST = 'Host: gateway\r\n';

/** The head of a request with a text. @param more lines of the head, without the last line break */
export const upload = (topic: string, more: string): string =>
  `POST /topics/${topic} HTTP/1.1\r\n${HOST}Content-Type: text/plain\r\n${more}\r\n\r\n`;

/**
 * What the gateway as one process sends before it closes the connection, to a client that sends these parts.
 *
 * @param requestMs by when a request must have come as a whole
 */
export async function answerTo(t: TestContext, parts: readonly string[], requestMs?: number): Promise<string> {
  const server = await startServer({ port: 0, host: '127.0.0.1', ...(requestMs !== undefined && { requestMs }) });
  t.after(() => server.close(0));
  const socket = connect(server.port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  for (const part of parts) socket.write(part);
  return (await buffer(socket)).toString();
}
