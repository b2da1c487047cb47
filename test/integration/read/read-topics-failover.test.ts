import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Cluster, startCluster } from '../../../infra/local/broker.ts';
import { quickFailover } from '../../../infra/local/properties.ts';
import { BrokerConnection } from '../../../lib/kafka/connection/connection.ts';
import { NOT_LEADER } from '../../../lib/kafka/error-codes.ts';
import { fetch } from '../../../lib/kafka/protocol/fetch.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { post } from '../../harness/http/requests.ts';
import { freeze } from '../../harness/kafka/freeze.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { readPage, type TopicPage } from './topic-pages.ts';

const COUNT = 12;
const partitions = Array.from({ length: COUNT }, (_, partition) => partition);

/** Three nodes, which miss one of them after a third of the usual time. */
let cluster: Cluster;

before(async () => {
  cluster = await startCluster(3, { properties: quickFailover });
  configure(cluster.bootstrapServers);
});
after(() => cluster.stop());

/** Writes records `from` to `to`, exclusive, to each partition, ten at a time. */
async function write(topic: string, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 10) {
    const records = partitions.flatMap((partition) => Array.from({ length: 10 }, (_, i) => ({ partition, value: n + i })));
    const { status, text } = await post(`/topics/${topic}`, 'json', { records });
    assert.equal(status, 200, text);
  }
}

/** Reads by cursor until so many records have come. A page that fails is asked for again, from the same cursor. */
async function readUntil(topic: string, count: number): Promise<TopicPage['items']> {
  const items: TopicPage['items'] = [];
  let cursor: string | null = null;
  while (items.length < count) {
    const page = await readPage(topic, { limit: 100, timeout: 5000, ...(cursor !== null && { cursor }) });
    if (page.status === 503 || page.status === 504) continue;
    assert.equal(page.status, 200, page.text);
    items.push(...page.json.items);
    assert.deepEqual(page.json.gaps, []);
    cursor = page.json.pagination.nextCursor;
  }
  return items;
}

test('replicas that follow do not answer in place of the leader, however much of the log they have', async (t) => {
  const topic = await createTopic({ bootstrapServers: cluster.bootstrapServers });
  const query = {
    topic,
    partition: 0,
    leaderEpoch: -1,
    offset: 0,
    waitMs: 0,
    minBytes: 1,
    maxBytes: 1000,
    isolation: 'read_committed',
  } as const;

  const errors = await Promise.all(
    cluster.bootstrapServers.split(',').map(async (address) => {
      const connection = new BrokerConnection(address, { clientId: 'test', ssl: null }, null);
      t.after(() => connection.close());
      await connection.connect();
      return (await connection.send(fetch(query), 20_000)).error;
    }),
  );

  assert.deepEqual(errors.sort(), [0, NOT_LEADER, NOT_LEADER]);
});

for (const [what, end, mend] of [
  ['killed', (leader: Cluster['brokers'][number]) => leader.kill(), (leader: Cluster['brokers'][number]) => leader.restart()],
  ['frozen', freeze, (leader: Cluster['brokers'][number]) => Promise.resolve(leader.resume())],
  ['restarted in good order', (leader: Cluster['brokers'][number]) => leader.restart(), () => Promise.resolve()],
] as const) {
  test(`while records are written and a broker is ${what}, twelve partitions give each record once and in order`, async (t) => {
    const topic = await createTopic({ partitions: COUNT, bootstrapServers: cluster.bootstrapServers });
    await write(topic, 0, 50);
    const leader = cluster.brokers[0];
    t.after(() => mend(leader));

    const reading = readUntil(topic, COUNT * 300);
    const ended = end(leader);
    await write(topic, 50, 300);
    await ended;
    const items = await reading;
    const { json: offsets } = await call<{ end_offset: number }[]>('GET', `/topics/${topic}/offsets`);

    assert.deepEqual(
      offsets.map(({ end_offset }) => end_offset),
      partitions.map(() => 300),
    );
    const byPartition = Map.groupBy(items, ({ partition }) => partition);
    for (const partition of partitions) {
      const found = byPartition.get(partition) ?? [];
      const numbers = Array.from({ length: 300 }, (_, i) => i);
      assert.deepEqual([found.map(({ offset }) => offset), found.map(({ value }) => value)], [numbers, numbers], `partition ${partition}`);
    }
  });
}
