import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { startServer } from '../../../infra/serve/gateway-server.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';
import { until } from '../../harness/until.ts';
import { createQueue, receiveSome, settleAll } from './queue-requests.ts';

let kafka: ProxiedKafka;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers);
});
after(() => kafka.stop());

test('a receive whose client has left holds no record back from others', async (t) => {
  const topic = await createTopic({ bootstrapServers: kafka.direct });
  const queue = await createQueue();
  await produce(topic, 'json', [{ value: 'before' }]);
  await settleAll(queue, 'ack', [(await receiveSome(queue, { topics: [topic] })).receipt]);
  const server = await startServer({ port: 0, host: '127.0.0.1' });
  t.after(() => server.close(0));
  const lines = captureLog(t);
  const socket = connect(server.port, '127.0.0.1');
  kafka.proxy.startCounting();
  const body = JSON.stringify({ topics: [topic], wait: 30_000 });

  socket.write(`POST /queues/${queue}/receive HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n`);
  socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  await until(() => kafka.proxy.requests().includes('ShareFetch'));
  socket.destroy();
  await once(socket, 'close');
  await until(() => lines.some(({ route }) => String(route).endsWith('/receive')));
  await produce(topic, 'json', [{ value: 'after' }]);
  const { records } = await receiveSome(queue, { topics: [topic] });

  assert.deepEqual(
    records.map(({ value }) => value),
    ['after'],
  );
});
