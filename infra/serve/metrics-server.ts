import { createServer, type Server } from 'node:http';
import { answerMetrics, countRequests } from '../../lib/metrics/metrics-page.ts';
import { listen } from './listen.ts';

/**
 * Serves the totals of this process's requests for Prometheus, at `/metrics` of its own port. It does not authenticate: keep the port
 * inside your network.
 */
export async function startMetrics({ port, host }: { port: number; host: string }): Promise<Server> {
  const totals = countRequests();
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] === '/metrics') answerMetrics(totals, request, response);
    else response.writeHead(404).end();
  });
  await listen(server, { port, host }, 'METRICS_PORT');
  return server;
}
