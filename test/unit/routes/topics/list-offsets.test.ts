import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../../functions/list-offsets.ts';
import { listOffsetsAnswer, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../gateway.ts';

const { kafkaHas, send } = gatewayWith(handler);

/** Kafka with a topic of two partitions: each begins at 10 and ends at 20 more; nothing is later than 2030. */
function orders(): number[] {
  const asked: number[] = [];
  kafkaHas({ topics: [topicOn('orders', 1, 1)] }, ({ body }) => {
    const { partitions } = readListOffsets(body);
    asked.push(partitions[0].timestamp);
    const answer = partitions.map(({ partition, timestamp }) => {
      if (timestamp < 0) return { partition, offset: (timestamp === -2 ? 10 : 30) + partition };
      return timestamp > Date.UTC(2030, 0, 1) ? { partition } : { partition, offset: 15 + partition, timestamp: timestamp + 7 };
    });
    return listOffsetsAnswer('orders', answer);
  });
  return asked;
}

test('the ends of one partition, and of all of them', async (t) => {
  orders();

  const one = await send(t, 'GET', '/topics/orders/partitions/1/offsets');
  const all = await send(t, 'GET', '/topics/orders/offsets', { headers: { accept: 'application/json' } });

  assert.deepEqual(
    [one.status, one.headers['content-type'], one.body],
    [200, 'application/vnd.kafka.v2+json', { beginning_offset: 11, end_offset: 31 }],
  );
  assert.equal(all.headers['content-type'], 'application/json');
  assert.deepEqual(all.body, [
    { partition: 0, beginning_offset: 10, end_offset: 30 },
    { partition: 1, beginning_offset: 11, end_offset: 31 },
  ]);
});

test('the offset of a time, as Unix milliseconds or ISO 8601, and of the two ends', async (t) => {
  const asked = orders();
  const noon = Date.UTC(2025, 0, 31, 12);

  const at = (timestamp: string) => send(t, 'GET', '/topics/orders/partitions/1/offsets', { query: `timestamp=${timestamp}` });
  const answers = [
    await at(String(noon)),
    await at('2025-01-31T12:00:00Z'),
    await at('-1'),
    await at('-2'),
    await at(String(Date.UTC(2031, 0, 1))),
  ];
  const all = await send(t, 'GET', '/topics/orders/offsets', { query: `timestamp=${noon}` });

  assert.deepEqual(
    answers.map(({ body }) => body),
    [
      { offset: 16, timestamp: noon + 7 },
      { offset: 16, timestamp: noon + 7 },
      { offset: 31, timestamp: -1 },
      { offset: 11, timestamp: -1 },
      { offset: -1, timestamp: -1 },
    ],
  );
  assert.deepEqual(all.body, [
    { partition: 0, offset: 15, timestamp: noon + 7 },
    { partition: 1, offset: 16, timestamp: noon + 7 },
  ]);
  assert.deepEqual(asked, [noon, noon, -1, -2, Date.UTC(2031, 0, 1), noon]);
});

test('what is no time, and what is not there, is refused', async (t) => {
  orders();

  for (const timestamp of ['yesterday', '-3', '1.5', '']) {
    const { status, body } = await send(t, 'GET', '/topics/orders/offsets', { query: `timestamp=${timestamp}` });
    assert.deepEqual([status, body.error_code], [400, 400], timestamp);
  }
  assert.equal((await send(t, 'GET', '/topics/orders/partitions/2/offsets')).body.error_code, 40402);
  assert.equal((await send(t, 'GET', '/topics/nope/offsets')).body.error_code, 40401);
  assert.equal((await send(t, 'GET', '/topics/orders/offsets', { headers: { accept: 'text/html' } })).status, 406);
});

test('the time of a record is shown in all of its digits', async (t) => {
  kafkaHas({ topics: [topicOn('late', 1)] }, () => listOffsetsAnswer('late', [{ partition: 0, offset: 5, timestamp: 2n ** 63n - 1n }]));

  const one = await send(t, 'GET', '/topics/late/partitions/0/offsets', { query: 'timestamp=1000' });
  const all = await send(t, 'GET', '/topics/late/offsets', { query: 'timestamp=1000' });

  assert.equal(one.text, '{"offset":5,"timestamp":9223372036854775807}');
  assert.equal(all.text, '[{"partition":0,"offset":5,"timestamp":9223372036854775807}]');
});
