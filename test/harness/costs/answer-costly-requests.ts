import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { rows } from '../../../infra/functions.ts';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import type { GatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { httpEvent, lambdaContext } from '../events/http-event.ts';
import { createTopicsAnswer, initProducerIdAnswer, keys, produceAnswer, readProduce } from '../fake-broker/broker-side.ts';
import { FakeBroker, type ReceivedRequest } from '../fake-broker/fake-broker.ts';
import { topicOn, withMetadata } from '../fake-broker/fake-cluster.ts';
import { functionFor } from '../http/function-for.ts';
import { costlyRequests } from './costly-requests.ts';

// A process that answers costly requests one after the other, in front of its own broker, and writes each result as a line of JSON to
// stdout. Its parent chooses the size of its heap.

const ALREADY_EXISTS = 36;
/** In addition to the requests, to see that the event loop runs. */
const PAUSE_MS = 20;

const { values } = parseArgs({
  options: { bytes: { type: 'string', multiple: true, default: [] }, only: { type: 'string', default: '' } },
});

function answer(request: ReceivedRequest): Buffer | Promise<Buffer> {
  const { key, version, body } = request;
  if (key === keys.apiVersions) return broker.apiVersions();
  if (key === keys.initProducerId) return initProducerIdAnswer({});
  if (key === keys.createTopics) return createTopicsAnswer('a', ALREADY_EXISTS, null);
  if (key === keys.produce) {
    const written = readProduce(body).batches.map(({ topic, partition }) => ({ topic, partition, error: 0, baseOffset: 0 }));
    return produceAnswer(version, written);
  }
  const brokers = [{ id: 1, host: '127.0.0.1', port: broker.port }];
  const content = { clusterId: 'c-1', controller: 1, brokers, topics: [topicOn('orders', 1, 1)] };
  return withMetadata<ReceivedRequest>(
    () => content,
    () => Promise.reject(new Error('not answered')),
  )(request);
}

const broker = await FakeBroker.listen(answer);
Object.assign(process.env, { KAFKA_BOOTSTRAP_SERVERS: broker.address, GATEWAY_LOG_LEVEL: 'error' });

const handlers = new Map<string, GatewayHandler>();
for (const [name, { routes }] of rows) if (routes.length > 0) handlers.set(name, (await import(`../../../functions/${name}.ts`)).handler);

function handlerFor(method: string, path: string): GatewayHandler {
  const handler = handlers.get(functionFor(method, path));
  if (handler === undefined) throw new Error(`no function answers ${method} ${path}`);
  return handler;
}

const delays = monitorEventLoopDelay({ resolution: 10 });
delays.enable();
for (const bytes of values.bytes) {
  for (const { name, method, path, headers, query, body } of costlyRequests(Number(bytes))) {
    if (!name.includes(values.only)) continue;
    const event = httpEvent(method, path, { headers, query, body: body().toString('base64'), isBase64Encoded: true });
    broker.requests.length = 0;
    delays.reset();
    const { statusCode, body: text } = await handlerFor(method, path)(event, lambdaContext());
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const stallMs = Math.round(delays.max / 1e6);
    const line = { name, bytes: Number(bytes), status: statusCode, asked: broker.requests.length, stallMs, answer: text.slice(0, 200) };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
closeClusters();
await broker.stop();
