import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { startServer } from '../../../infra/serve/gateway-server.ts';
import { createConsumer, newGroup } from '../../harness/consumers/consumer-requests.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';
import { until } from '../../harness/until.ts';

let kafka: ProxiedKafka;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers);
});
after(() => kafka.stop());

test('a repeated poll whose client has left does not set the consumer back', async (t) => {
  const topic = await createTopic({ bootstrapServers: kafka.direct });
  const consumer = await createConsumer(t, newGroup(), { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  await produce(topic, 'text', [{ value: 'a' }]);
  assert.deepEqual(await consumer.values({ poll_id: 'x' }), ['a']);
  const server = await startServer({ port: 0, host: '127.0.0.1' });
  t.after(() => server.close(0));
  const lines = captureLog(t);
  const socket = connect(server.port, '127.0.0.1');
  const held = kafka.proxy.holdAnswer('Fetch');

  socket.write(`GET /consumers/${consumer.group}/instances/${consumer.name}/records?poll_id=x HTTP/1.1\r\nHost: gateway\r\n\r\n`);
  const answer = await held;
  socket.destroy();
  await once(socket, 'close');
  // The server has heard of it once it has served another request.
  await fetch(`http://127.0.0.1:${server.port}/health`);
  await answer.release();
  await until(() => lines.some(({ route }) => String(route).endsWith('/records')));
  await produce(topic, 'text', [{ value: 'b' }]);

  assert.deepEqual(await consumer.values({ poll_id: 'y' }), ['b']);
});

test('a poll whose client has left its connection takes no record', async (t) => {
  const topic = await createTopic({ bootstrapServers: kafka.direct });
  const consumer = await createConsumer(t, newGroup(), { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  assert.deepEqual((await consumer.poll()).json, []);
  const server = await startServer({ port: 0, host: '127.0.0.1' });
  t.after(() => server.close(0));
  const lines = captureLog(t);
  const socket = connect(server.port, '127.0.0.1');
  kafka.proxy.startCounting();

  socket.write(`GET /consumers/${consumer.group}/instances/${consumer.name}/records?timeout=20000 HTTP/1.1\r\nHost: gateway\r\n\r\n`);
  await until(() => kafka.proxy.requests().includes('Fetch'));
  socket.destroy();
  await once(socket, 'close');
  await produce(topic, 'text', [{ value: 'a' }]);
  await until(() => lines.some(({ route }) => String(route).endsWith('/records')));

  assert.deepEqual(await consumer.values(), ['a']);
});
