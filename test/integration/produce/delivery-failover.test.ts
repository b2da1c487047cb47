import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Broker, type Cluster, startCluster } from '../../../infra/local/broker.ts';
import { quickFailover } from '../../../infra/local/properties.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { fetchPage, followLinks, post } from '../../harness/http/requests.ts';
import { freeze } from '../../harness/kafka/freeze.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';

/** Three nodes, which miss one of them after a third of the usual time. */
let cluster: Cluster;

before(async () => {
  cluster = await startCluster(3, { properties: quickFailover });
  configure(cluster.bootstrapServers);
});
after(() => cluster.stop());

interface Partition {
  partition: number;
  leader: number;
  replicas: { broker: number; leader: boolean; in_sync: boolean }[];
}

/** The leader of a topic's first partition, once every node has caught up with it. */
async function leaderOf(topic: string): Promise<Broker> {
  let leader = -1;
  await until(async () => {
    const { json } = await call<Partition[]>('GET', `/topics/${topic}/partitions`);
    leader = json[0].leader;
    return json.every(({ replicas }) => replicas.every(({ in_sync }) => in_sync));
  });
  return cluster.brokers[leader - 1];
}

test('metadata show leaders and replicas of a cluster', async () => {
  const topic = await createTopic({ partitions: 3, bootstrapServers: cluster.bootstrapServers });

  const { json } = await call<Partition[]>('GET', `/topics/${topic}/partitions`);

  for (const { leader, replicas } of json) {
    assert.deepEqual(replicas.map(({ broker }) => broker).sort(), [1, 2, 3]);
    assert.deepEqual(
      replicas.filter((replica) => replica.leader).map(({ broker }) => broker),
      [leader],
    );
  }
  assert.deepEqual((await call('GET', '/brokers')).json, { brokers: [1, 2, 3] });
});

for (const [what, end, mend] of [
  ['is killed', (leader: Broker) => leader.kill(), (leader: Broker) => leader.restart()],
  ['freezes', freeze, (leader: Broker) => Promise.resolve(leader.resume())],
] as const) {
  test(`when a leader ${what}, its successor has every record once and in order`, async (t) => {
    const topic = await createTopic({ partitions: 3, bootstrapServers: cluster.bootstrapServers });
    const records = (i: number) => [0, 1, 2].map((partition) => ({ value: String(i), partition }));
    const write = (i: number) => post(`/topics/${topic}`, 'text', { records: records(i) });
    const first = await write(0);
    const leader = await leaderOf(topic);
    t.after(() => mend(leader));

    const ended = end(leader);
    const behind = await Promise.all(Array.from({ length: 20 }, (_, i) => write(i + 1)));
    await ended;
    const offsets = await call('GET', `/topics/${topic}/offsets`);
    const page = await fetchPage(topic, 'text', 'offset=20');

    for (const { status, text } of [first, ...behind]) assert.equal(status, 200, text);
    assert.deepEqual(
      offsets.json,
      [0, 1, 2].map((partition) => ({ partition, beginning_offset: 0, end_offset: 21 })),
    );
    for (const partition of [0, 1, 2]) {
      const values = (await followLinks(topic, 'text', 'offset=0&timeout=0', partition)).flat().map(({ value }) => value);
      assert.deepEqual(
        values,
        Array.from({ length: 21 }, (_, i) => String(i)),
      );
    }
    assert.deepEqual(
      behind.map(({ json }) => json.offsets.map(({ offset }) => offset)),
      Array.from({ length: 20 }, (_, i) => [i + 1, i + 1, i + 1]),
    );
    assert.equal(page.json[0].value, '20');
  });
}

test('records that too few replicas are there for are refused at the deadline, honestly, and taken when they are back', async (t) => {
  captureLog(t);
  const topic = await createTopic({ bootstrapServers: cluster.bootstrapServers, configs: { 'min.insync.replicas': '3' } });
  const leader = await leaderOf(topic);
  const follower = cluster.brokers.find((broker) => broker !== leader) ?? assert.fail('there is one broker');
  await follower.kill();
  await until(async () => {
    const { json } = await call<Partition[]>('GET', `/topics/${topic}/partitions`);
    return json[0].replicas.some(({ in_sync }) => !in_sync);
  });

  const refused = await post(`/topics/${topic}`, 'text', { records: [{ value: 'early' }] }, { remainingMs: 3000 });
  await follower.restart();
  await leaderOf(topic);
  const taken = await post(`/topics/${topic}`, 'text', { records: [{ value: 'late' }] });

  assert.equal(taken.status, 200, taken.text);
  const log = (await readTopic(topic, cluster.bootstrapServers)).map(({ value }) => value?.toString());
  // A leader that has not heard yet that a replica is gone appends first, and then does not get it acknowledged.
  if (refused.status === 504) assertRefused(refused, { status: 504, code: 50401, message: /may have been written/ });
  else assertRefused(refused, { status: 503, code: 50003, message: /The records were not written(: [a-z ]+)?$/ });
  assert.deepEqual(
    log.filter((value) => value !== 'early' || refused.status === 503),
    ['late'],
  );
});

test('an orderly restart of the leader costs no request', async () => {
  const topic = await createTopic({ bootstrapServers: cluster.bootstrapServers });
  const leader = await leaderOf(topic);
  const written: number[] = [];

  let restarting = true;
  const restart = leader.restart().finally(() => {
    restarting = false;
  });
  for (let i = 0; restarting; i++) {
    const { status, text, json } = await post(`/topics/${topic}`, 'text', { records: [{ value: String(i) }] });
    assert.equal(status, 200, text);
    written.push(json.offsets[0].offset ?? -1);
  }
  await restart;

  assert.deepEqual(
    written,
    written.map((_, i) => i),
  );
  assert.deepEqual(
    (await readTopic(topic, cluster.bootstrapServers)).map(({ value }) => value?.toString()),
    written.map(String),
  );
});
