import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery, as a receiver gets it. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** From 0, in the order of arrival. */
  number: number;
}

/** How a receiver answers a delivery: with a status, or by writing the response itself. */
export type Script = (received: Received) => number | ((response: ServerResponse) => void);

/** An endpoint on the loopback address that answers by script. */
export interface Receiver {
  origin: string;
  url: string;
  received: Received[];
  /** What it has received of a topic: others' deliveries may come at the same time. */
  receivedOf(topic: string): Received[];
  /** By default, 204 for everything. */
  script: Script;
  close(): Promise<void>;
}

/** Starts one on a free port. It answers pings with 204, and does not list them as received. */
export async function startReceiver(script: Script = () => 204): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const isPing = request.headers['kafka-gateway-event'] === 'ping';
    const one = { headers: request.headers, body, number: receiver.received.length };
    if (!isPing) receiver.received.push(one);
    const answer = isPing ? 204 : receiver.script(one);
    if (typeof answer === 'number') response.writeHead(answer).end();
    else answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = Object(server.address());
  const origin = `http://127.0.0.1:${port}`;
  const receiver: Receiver = {
    ...{ origin, url: `${origin}/hook`, received: [], script },
    receivedOf: (topic) => receiver.received.filter(({ headers }) => headers['kafka-topic'] === topic),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
