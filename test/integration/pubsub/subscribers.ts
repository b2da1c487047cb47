import { after, before } from 'node:test';
import { type GatewayServer, startServer } from '../../../infra/serve/gateway-server.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { openSubscriber, type Subscriber } from '../../harness/pubsub/subscriber.ts';

configure(sharedKafka());

/** A gateway in this process, for the tests of a file. */
export let server: GatewayServer;
/** The address of its WebSocket. */
export let url: string;
const open: Subscriber[] = [];

before(async () => {
  server = await startServer({ port: 0, host: '127.0.0.1' });
  url = `ws://127.0.0.1:${server.port}/pubsub`;
});
after(async () => {
  for (const one of open) one.close();
  await server.close(1000);
});

/** A client of the WebSocket, which is closed at the end. */
export async function subscriber(): Promise<Subscriber> {
  const one = await openSubscriber(url);
  open.push(one);
  return one;
}

/** The command that subscribes to a topic. */
export const subscribe = (topic: string, others: object = {}) => ({
  sequence: 1,
  cmdKafkaSubscribe: { topics: [topic], credit: 1000, valueFormat: 'FORMAT_TEXT', ...others },
});
