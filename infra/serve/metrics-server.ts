import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { answerMetrics, countRequests } from '../../lib/metrics/metrics-page.ts';

/**
 * Shows what the requests of this process came to, for Prometheus, at `/metrics` of a port of its own: it asks nobody who they are, and
 * is for the network that the process is in.
 */
export async function startMetrics({ port, host }: { port: number; host: string }): Promise<Server> {
  const totals = countRequests();
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] === '/metrics') answerMetrics(totals, request, response);
    else response.writeHead(404).end();
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
