import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../../functions/read-topics.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { inLog, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { fetchPartitionsAnswer, keys, readFetchPartitions } from '../../../harness/fake-broker/broker-side.ts';
import { topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../gateway.ts';

const grants = [
  { principal: '*', operations: ['read'], topics: ['orders', 'orders-*'] },
  { principal: '*', operations: ['describe'], topics: ['*'] },
  { principal: '*', operations: ['commit'], consumer_groups: ['readers'] },
];
const { kafkaHas, send } = gatewayWith(handler, { GATEWAY_GRANTS: JSON.stringify(grants) });

/** Kafka with topics of one partition, each with a record that is the topic's name. Collects what is fetched. */
function holding(...topics: string[]) {
  const fetched: string[] = [];
  kafkaHas({ topics: topics.map((name) => topicOn(name, 1)) }, ({ key, body }) => {
    assert.equal(key, keys.fetch);
    const { partitions } = readFetchPartitions(body);
    fetched.push(...partitions.map(({ topic }) => topic));
    return fetchPartitionsAnswer(
      partitions.map(({ topic, partition, offset }) => {
        const batches = offset === 0 ? inLog(writeBatch([recordOf(`"${topic}"`)]), { baseOffset: 0 }) : null;
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

test('a format that is not offered is none', async (t) => {
  holding('orders');

  const { status } = await send(t, 'GET', '/topics/orders/records', { query: at('orders'), headers: { accept: 'application/xml' } });

  assert.equal(status, 406);
});
