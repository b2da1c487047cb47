import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { test } from 'node:test';
import { startServer } from '../../../infra/serve/gateway-server.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const RECORD = 'x'.repeat(900_000);

test('a client that takes nothing of its answers is left', { timeout: 60_000 }, async (t) => {
  const topic = await createTopic();
  for (let i = 0; i < 5; i++) await writeTopic(topic, [{ value: RECORD, partition: 0 }]);
  const server = await startServer({ port: 0, host: '127.0.0.1', silenceMs: 1000 });
  t.after(() => server.close(0));
  const accepted = Promise.withResolvers<Socket>();
  const onSocket = (message: unknown) => {
    const { socket }: { socket?: unknown } = Object(message);
    if (socket instanceof Socket && socket.localPort === server.port) accepted.resolve(socket);
  };
  subscribe('net.server.socket', onSocket);
  t.after(() => unsubscribe('net.server.socket', onSocket));
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  t.after(() => socket.destroy());
  const request = [
    `GET /topics/${topic}/partitions/0/records?offset=earliest&max_bytes=5000000 HTTP/1.1`,
    'Host: gateway',
    'Accept: application/vnd.kafka.text.v2+json',
  ];

  // As many as no buffer on the way has room for.
  socket.write(`${request.join('\r\n')}\r\n\r\n`.repeat(6));
  const [answer]: unknown[] = await once(socket, 'data');
  socket.pause();

  // Nobody would end it but the server.
  await once(await accepted.promise, 'close');
  assert.match(String(answer), /^HTTP\/1\.1 200 /);
});
