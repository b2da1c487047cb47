import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../../functions/read-topics.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { inLog, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { fetchPartitionsAnswer, keys, readFetchPartitions } from '../../../harness/fake-broker/broker-side.ts';
import { topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { batchBytes, recordBytes } from '../../../harness/hostile/batches.ts';
import { gatewayWith } from '../gateway.ts';

const grants = [
  { principal: '*', operations: ['read'], topics: ['orders', 'orders-*'] },
  { principal: '*', operations: ['describe'], topics: ['*'] },
  { principal: '*', operations: ['commit'], consumer_groups: ['readers'] },
];
const { kafkaHas, send } = gatewayWith(handler, { GATEWAY_GRANTS: JSON.stringify(grants) });

/** Kafka with topics of one partition, each with a record that is the topic's name. Collects what is fetched. */
const holding = (...topics: string[]) =>
  holdingBatches(new Map(topics.map((topic) => [topic, inLog(writeBatch([recordOf(`"${topic}"`)]), { baseOffset: 0 })])));

/** The same, of a batch each as it lies in the log. */
function holdingBatches(logs: ReadonlyMap<string, Buffer>) {
  const topics = [...logs.keys()];
  const fetched: string[] = [];
  kafkaHas({ topics: topics.map((name) => topicOn(name, 1)) }, ({ key, body }) => {
    assert.equal(key, keys.fetch);
    const { partitions } = readFetchPartitions(body);
    fetched.push(...partitions.map(({ topic }) => topic));
    return fetchPartitionsAnswer(
      partitions.map(({ topic, partition, offset }) => {
        const batches = offset === 0 ? (logs.get(topic) ?? null) : null;
        return { topic, partition, highWatermark: 1, batches };
      }),
    );
  });
  return fetched;
}

const at = (...topics: string[]) => `cursor=${Buffer.from(topics.map((topic) => `${topic}@0#0`).join(';')).toString('base64url')}`;

test('a page has the records of every topic, and says where to go on', async (t) => {
  holding('orders', 'orders-2');

  const { status, body, headers } = await send(t, 'GET', '/topics/orders,orders-2/records', {
    query: `${at('orders', 'orders-2')}&constructor=1&foreign=1`,
  });

  assert.equal(status, 200);
  assert.deepEqual(
    body.items.map(({ id, value }: { id: string; value: string }) => [id, value]),
    [
      ['orders@0#0', 'orders'],
      ['orders-2@0#0', 'orders-2'],
    ],
  );
  assert.match(Buffer.from(body.pagination.nextCursor, 'base64url').toString(), /~orders@0#1;orders-2@0#1$/);
  assert.equal(headers.link, `<?cursor=${body.pagination.nextCursor}>; rel="next"`);
  assert.equal(headers['content-type'], 'application/json');
});

test('without a grant to read one of the topics, nothing is read', async (t) => {
  const fetched = holding('orders', 'payments');

  const { status, body } = await send(t, 'GET', '/topics/orders,payments/records', { query: at('orders', 'payments') });

  assert.deepEqual([status, body.error_code, fetched], [403, 40301, []]);
  assert.match(body.message, /no grant to read on the topic "payments"/);
});

test('a pattern is for the topics that may be read, and for no others', async (t) => {
  const fetched = holding('orders', 'orders-2', 'payments');

  const { status, body } = await send(t, 'GET', '/topics/*/records', { query: `topics-pattern=.*&${at('orders', 'orders-2')}` });

  assert.deepEqual([status, body.items.length], [200, 2]);
  assert.deepEqual(fetched, ['orders', 'orders-2']);
});

test('a topic of the cursor that is no longer among those of the pattern is left out', async (t) => {
  holding('orders');

  const { status, body } = await send(t, 'GET', '/topics/*/records', { query: `topics-pattern=orders&${at('payments', 'orders')}` });

  assert.deepEqual([status, body.items.length], [200, 1]);
  assert.match(Buffer.from(body.pagination.nextCursor, 'base64url').toString(), /~orders@0#1$/);
});

test('to have offsets of a group committed takes the grant to', async (t) => {
  const fetched = holding('orders');

  const { status, body } = await send(t, 'GET', '/topics/orders/records', { query: `group=others&${at('orders')}` });

  assert.deepEqual([status, body.error_code, fetched], [403, 40301, []]);
  assert.match(body.message, /commit on the consumer group "others"/);
});

test('more partitions than a cursor in a URL can hold are refused before any is read', async (t) => {
  const fetched: string[] = [];
  const leaders = Array(1000).fill(1);
  kafkaHas({ topics: [topicOn('orders', ...leaders)] }, () => assert.fail('nothing is asked'));
  const query = `cursor=${Buffer.from(`orders@${leaders.map((_, i) => `${i}#123456789`).join()}`).toString('base64url')}`;

  const { status, body } = await send(t, 'GET', '/topics/orders/records', { query });

  assert.deepEqual([status, body.error_code, fetched], [400, 400, []]);
  assert.match(body.message, /^The topics have 1000 partitions, more than a cursor/);
});

test('behind a batch that cannot be read the error leads on, and the other topics stay where they are', async (t) => {
  const batch = inLog(writeBatch([recordOf('1000')]), { baseOffset: 0 });
  batch[batch.length - 3] ^= 1;
  holdingBatches(
    new Map([
      ['orders-3', batch],
      ['orders-4', Buffer.alloc(0)],
    ]),
  );

  const { status, body, headers } = await send(t, 'GET', '/topics/orders-3,orders-4/records', {
    query: `${at('orders-3', 'orders-4')}&timeout=0`,
  });

  const [, cursor] = /^Partition 0 of orders-3: The batch of offsets 0 to 0 .*: continue with cursor=(\S+)$/.exec(body.message) ?? [];
  assert.equal(status, 500, body.message);
  assert.match(Buffer.from(String(cursor), 'base64url').toString(), /~orders-3@0#1;orders-4@0#0$/);
  assert.deepEqual([headers['kafka-next-offset'], headers.link], ['1', `<?cursor=${cursor}&timeout=0>; rel="next"`]);
});

for (const type of ['application/json', 'application/x-ndjson', 'text/plain'] as const) {
  test(`a record that no answer holds is shown by its metadata, and the page goes on behind it (${type})`, async (t) => {
    const values = ['x'.repeat(7_000_000), '"after"'];
    holdingBatches(new Map([['orders-3', inLog(writeBatch(values.map((value) => recordOf(value))), { baseOffset: 0 })]]));

    const { status, text } = await send(t, 'GET', '/topics/orders-3/records', { query: at('orders-3'), headers: { accept: type } });

    assert.equal(status, 200);
    assert.match(text, /The record has 7000000 bytes, more than a response can hold/);
    assert.match(text, /after/);
  });
}

test('a time beyond what numbers hold is shown in all of its digits', async (t) => {
  const baseTime = 2n ** 63n - 1n;
  const batch = await batchBytes({ baseOffset: 0, count: 1, records: recordBytes(0, { value: Buffer.from('1') }), baseTime });
  holdingBatches(new Map([['orders-3', batch]]));

  const json = await send(t, 'GET', '/topics/orders-3/records', { query: at('orders-3') });
  const text = await send(t, 'GET', '/topics/orders-3/records', { query: at('orders-3'), headers: { accept: 'text/plain' } });

  assert.match(json.text, /"timestamp":9223372036854775807,/);
  assert.match(text.text, /"sourceTimestamp":9223372036854775807\}/);
});

test('line breaks are searched within each record, not in all that follows it', async (t) => {
  const batch = inLog(writeBatch(Array.from({ length: 50 }, (_, i) => recordOf(`a\nb${i}`))), { baseOffset: 0 });
  holdingBatches(new Map([['orders-3', batch]]));
  const { indexOf } = Buffer.prototype;
  let searched = 0;
  t.mock.method(Buffer.prototype, 'indexOf', function (this: Buffer, value: number, from = 0) {
    searched += this.length - from;
    return indexOf.call(this, value, from);
  });

  const { text } = await send(t, 'GET', '/topics/orders-3/records', { query: at('orders-3'), headers: { accept: 'text/plain' } });

  assert.match(text, /\ncontent: a\n b49\n/);
  assert.ok(searched < 5 * batch.length, `${searched} bytes`);
});

test('control characters count as what they become in the answer', async (t) => {
  const values = Array.from({ length: 5 }, () => '\u0001'.repeat(500_000));
  holdingBatches(new Map([['orders-3', inLog(writeBatch(values.map((value) => recordOf(value))), { baseOffset: 0 })]]));

  const { text } = await send(t, 'GET', '/topics/orders-3/records', {
    query: `${at('orders-3')}&max_bytes=6000000`,
    headers: { accept: 'text/plain' },
  });

  assert.ok(JSON.stringify(text).length < 6 * 1024 * 1024, `${JSON.stringify(text).length} bytes`);
});

test('a format that is not offered is none', async (t) => {
  holding('orders');

  const { status } = await send(t, 'GET', '/topics/orders/records', { query: at('orders'), headers: { accept: 'application/xml' } });

  assert.equal(status, 406);
});
