import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../../functions/list-offsets.ts';
import { listOffsetsAnswer, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../gateway.ts';

const { kafkaHas, send } = gatewayWith(handler);
const SINCE = Date.UTC(2025, 0, 31, 12);

/** Kafka with a topic of two partitions, from 10 to 30 and from 11 to 31; in the second, nothing has come since. */
function orders(): number[] {
  const asked: number[] = [];
  kafkaHas({ topics: [topicOn('orders', 1, 1)] }, ({ body }) => {
    const { partitions } = readListOffsets(body);
    asked.push(partitions[0].timestamp);
    const answer = partitions.map(({ partition, timestamp }) => {
      if (timestamp < 0) return { partition, offset: (timestamp === -2 ? 10 : 30) + partition };
      return partition === 1 ? { partition } : { partition, offset: 25, timestamp: timestamp + 7 };
    });
    return listOffsetsAnswer('orders', answer);
  });
  return asked;
}

test('what a topic holds is the sum of its partitions, and Kafka is asked for it once for all of them', async (t) => {
  const asked = orders();

  const { status, headers, body } = await send(t, 'GET', '/topics/orders,nope/summary');

  assert.deepEqual([status, headers['content-type']], [200, 'application/vnd.kafka.v2+json']);
  assert.deepEqual(body, [{ topic: 'orders', partitions: 2, offsets: 40, offsets_since: null }]);
  assert.deepEqual(asked.sort(), [-1, -2]);
});

test('what has come since a time is counted from the first record that is as late', async (t) => {
  orders();

  for (const since of [String(SINCE), '2025-01-31T12:00:00Z']) {
    const { body } = await send(t, 'GET', '/topics/orders/summary', { query: `since=${since}` });
    assert.deepEqual(body, [{ topic: 'orders', partitions: 2, offsets: 40, offsets_since: 5 }]);
  }
});

test('what is no time, and what names no topic, is refused', async (t) => {
  orders();

  const noTime = await send(t, 'GET', '/topics/orders/summary', { query: 'since=yesterday' });
  const noTopic = await send(t, 'GET', '/topics/*/summary');

  assert.deepEqual([noTime.status, noTopic.status], [400, 400]);
  assert.match(noTopic.text, /name topics in its place/);
});
