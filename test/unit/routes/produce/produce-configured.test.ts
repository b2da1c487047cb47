import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../../functions/produce.ts';
import { gatewayWith } from '../gateway.ts';
import { collectingOf } from '../written.ts';

const gateway = gatewayWith(handler, {
  GATEWAY_ACKS: '1',
  GATEWAY_COMPRESSION: 'lz4',
  GATEWAY_TOPIC: 'orders',
  GATEWAY_PARTITION: '2',
  GATEWAY_KEY: 'configured',
  GATEWAY_RECORD_HEADERS: 'traceparent',
});
const { send } = gateway;
const collecting = collectingOf(gateway);

test('a raw body goes where the configuration says, with the key and the headers it says', async (t) => {
  const written = collecting();

  await send(t, 'POST', '/records', { body: 'x', headers: { traceparent: '00-1', 'x-other': 'no' } });

  const [{ offset, timestamp, ...record }] = written;
  assert.deepEqual(record, {
    topic: 'orders',
    partition: 2,
    acks: 1,
    codec: 3,
    key: 'configured',
    value: 'x',
    headers: [['traceparent', '00-1']],
  });
});

test('the request wins over the configuration', async (t) => {
  const written = collecting();
  const headers = { 'kafka-topic': 'clicks', 'kafka-partition': '0', 'kafka-key': 'own' };

  await send(t, 'POST', '/records', { body: 'x', headers, query: 'acks=all&compression=none' });
  await send(t, 'POST', '/topics/orders/partitions/1', { body: 'x' });

  assert.deepEqual(
    written.map(({ topic, partition, acks, codec, key }) => [topic, partition, acks, codec, key]),
    [
      ['clicks', 0, -1, 0, 'own'],
      ['orders', 1, 1, 3, 'configured'],
    ],
  );
});

test('records in a body with a format name their topics and partitions themselves', async (t) => {
  const written = collecting();
  const headers = { 'content-type': 'application/vnd.kafka.text.v2+json', traceparent: '00-1' };

  const without = await send(t, 'POST', '/records', { headers, body: '{"records":[{"value":"x"}]}' });
  await send(t, 'POST', '/records', { headers, body: '{"records":[{"topic":"orders","partition":1,"value":"x"}]}' });

  assert.equal(without.status, 422);
  assert.deepEqual(
    written.map(({ topic, partition, codec, key, headers: own }) => [topic, partition, codec, key, own]),
    [['orders', 1, 3, null, []]],
  );
});
