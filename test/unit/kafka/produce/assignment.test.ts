import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assign, type OutgoingRecord } from '../../../../lib/kafka/produce/assignment.ts';
import { partitionOfKey, Spread } from '../../../../lib/kafka/produce/partitioner.ts';
import { whole } from '../../../../lib/kafka/record.ts';
import { recordOf } from '../../../harness/fake-broker/batch-records.ts';
import type { MetadataContent } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const outgoing = (topic: string, parts: Partial<OutgoingRecord> = {}): OutgoingRecord => ({
  ...recordOf('value'),
  topic,
  partition: null,
  ...parts,
});
const key = (text: string) => whole(Buffer.from(text));

function clusterWith(content: MetadataContent) {
  let asked = 0;
  const counted = () => {
    asked++;
    return { brokers: brokersOf(2), ...content };
  };
  const cluster = new FakeCluster({
    'broker-1:9092': withMetadata(counted, () => assert.fail()),
    'broker-2:9092': withMetadata(counted, () => assert.fail()),
  });
  const assigned = (records: OutgoingRecord[]) => assign(cluster, new Spread(), records, Date.now() + 10_000);
  return { cluster, assigned, asked: () => asked };
}

test('records go where they say, else where their key says; their places keep the order of the request', async () => {
  const { assigned } = clusterWith({ topics: [topicOn('orders', 1, 2, 1)] });
  const keyed = partitionOfKey(key('customer'), 3);
  const other = (keyed + 1) % 3;

  const { groups, failed } = await assigned([
    outgoing('orders', { partition: other }),
    outgoing('orders', { key: key('customer') }),
    outgoing('orders', { partition: other, key: key('customer') }),
    outgoing('orders', { key: key('customer') }),
  ]);

  assert.equal(failed.size, 0);
  assert.deepEqual(groups, [
    { topic: 'orders', partition: other, places: [0, 2] },
    { topic: 'orders', partition: keyed, places: [1, 3] },
  ]);
});

test('an empty key is a key; a null key is none', async () => {
  const { assigned } = clusterWith({ topics: [topicOn('orders', ...Array<number>(50).fill(1))] });

  const empty = await Promise.all(Array.from({ length: 5 }, () => assigned([outgoing('orders', { key: key('') })])));
  const none = await assigned(Array.from({ length: 5 }, () => outgoing('orders')));

  assert.deepEqual(
    empty.map(({ groups }) => groups[0].partition),
    Array(5).fill(partitionOfKey(key(''), 50)),
  );
  assert.equal(none.groups.length, 1, 'records without a key stay together');
});

test('a key keeps its partition while that has no leader; what has no key goes to partitions that have one', async () => {
  const { assigned } = clusterWith({ topics: [topicOn('orders', -1, 2, -1)] });
  const lost = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].find((text) => partitionOfKey(key(text), 3) !== 1) ?? assert.fail();

  const { groups } = await assigned([outgoing('orders', { key: key(lost) }), ...Array.from({ length: 3 }, () => outgoing('orders'))]);

  assert.deepEqual(groups, [
    { topic: 'orders', partition: partitionOfKey(key(lost), 3), places: [0] },
    { topic: 'orders', partition: 1, places: [1, 2, 3] },
  ]);
});

test('where no partition has a leader every partition will do', async () => {
  const { assigned } = clusterWith({ topics: [topicOn('orders', -1, -1)] });

  const { groups } = await assigned([outgoing('orders')]);

  assert.equal(groups.length, 1);
});

test('what is wrong with one topic or partition fails its own records only', async () => {
  const { assigned } = clusterWith({ topics: [topicOn('orders', 1), { ...topicOn('secret', 1), error: 29 }] });

  const { groups, failed } = await assigned([
    outgoing('nope'),
    outgoing('orders'),
    outgoing('orders', { partition: 4 }),
    outgoing('secret', { partition: 0 }),
    outgoing('orders', { partition: 0 }),
  ]);

  assert.deepEqual(groups, [{ topic: 'orders', partition: 0, places: [1, 4] }]);
  assert.deepEqual(
    [...failed].map(([place, { name }]) => [place, name]),
    [
      [0, 'TopicNotFound'],
      [2, 'PartitionNotFound'],
      [3, 'Forbidden'],
    ],
  );
});

test('partitions that were added since the metadata are found; the topic is asked for once', async (t) => {
  stopTime(t);
  const content: MetadataContent = { topics: [topicOn('orders', 1)] };
  const { assigned, asked } = clusterWith(content);
  await timePasses(t, assigned([outgoing('orders')]));
  t.mock.timers.tick(1);
  content.topics = [topicOn('orders', 1, 2, 1)];

  const { groups } = await timePasses(t, assigned([outgoing('orders', { partition: 2 }), outgoing('orders', { partition: 0 })]));

  assert.deepEqual(
    groups.map(({ partition }) => partition),
    [2, 0],
  );
  assert.equal(asked(), 2);
});

test('a partition that is still not there is asked for once a request', async (t) => {
  stopTime(t);
  const { assigned, asked } = clusterWith({ topics: [topicOn('orders', 1)] });
  await timePasses(t, assigned([outgoing('orders')]));
  t.mock.timers.tick(1);

  const { failed } = await timePasses(t, assigned([outgoing('orders', { partition: 2 }), outgoing('orders', { partition: 9 })]));

  assert.equal(failed.size, 2);
  assert.equal(asked(), 2);
});
