import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { sleep } from '../../../../lib/deadline.ts';
import { retryTopicOf } from '../../../../lib/push/subscription/subscription.ts';
import { KafkaLog } from '../../../../lib/routes/subscriptions/kafka-log.ts';
import { keys, listOffsetsAnswer, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { FakeLogs } from '../../../harness/fake-broker/fake-logs.ts';
import { findCoordinatorAnswer, offsetCommitAnswer, offsetFetchAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { subscriptionOf } from '../../../harness/push/subscription-of.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const COMMITTED = 7;
const BEGINNING = 2;

/** Where a subscription continues in a log whose end is told so, after so many milliseconds. */
async function continuesAt(t: TestContext, end: (ms: number) => number): Promise<number[]> {
  stopTime(t);
  const began = Date.now();
  const answer = ({ key, body }: Call) => {
    if (key === keys.findCoordinator) return findCoordinatorAnswer({ host: 'broker-1', port: 9092 });
    if (key === keys.offsetFetch) return offsetFetchAnswer([{ topic: 'orders', partition: 0, offset: COMMITTED, metadata: 'lease 1' }]);
    const [{ timestamp }] = readListOffsets(body).partitions;
    return listOffsetsAnswer('orders', [{ partition: 0, offset: timestamp === -2 ? BEGINNING : end(Date.now() - began) }]);
  };
  const content = () => ({ brokers: brokersOf(1), topics: [topicOn('orders', 1)] });
  const cluster = new FakeCluster({ 'broker-1:9092': withMetadata(content, answer) });
  // As brokers before Kafka 3.0, which tell no ids of topics.
  cluster.unspoken.add(keys.metadata);
  const log = new KafkaLog(cluster, subscriptionOf({}), async () => ['orders'], 1);
  const positions = await timePasses(t, log.positions('main'));
  return positions.map(({ offset }) => offset);
}

test('a partition without a leader keeps back none of the others', async (t) => {
  stopTime(t);
  const began = Date.now();
  const answer = ({ key, body }: Call) => {
    if (key === keys.findCoordinator) return findCoordinatorAnswer({ host: 'broker-1', port: 9092 });
    const committed = [0, 1].map((partition) => ({ topic: 'orders', partition, offset: COMMITTED, metadata: 'lease 1' }));
    if (key === keys.offsetFetch) return offsetFetchAnswer(committed);
    const asked = readListOffsets(body).partitions;
    return listOffsetsAnswer(
      'orders',
      asked.map(({ partition }) => ({ partition, offset: COMMITTED })),
    );
  };
  const content = () => ({ brokers: brokersOf(1), topics: [topicOn('orders', 1, -1, -1, 1)] });
  const cluster = new FakeCluster({ 'broker-1:9092': withMetadata(content, answer) });
  const log = new KafkaLog(cluster, subscriptionOf({}), async () => ['orders'], 1);

  const positions = await timePasses(t, log.positions('main'));

  assert.deepEqual(
    positions.map(({ partition }) => partition),
    [0, 1, 3],
  );
  assert.ok(Date.now() - began < 1000);
});

/** Commits under a lease that ends at a time (Unix milliseconds). */
type CommitUntil = (log: KafkaLog, heldUntil: number) => Promise<void>;

const place = { topic: 'orders', topicId: '', partition: 0, offset: COMMITTED };
const committing: Record<string, CommitUntil> = {
  'commits a position': (log, heldUntil) => log.commit('main', [place], null, heldUntil),
  'commits again what is committed': (log, heldUntil) => log.refresh(heldUntil),
};

/** The commits that reach Kafka if this process is frozen for so long between its look at the lease, which ends after 1 s, and its commit. */
async function commitsAfterFreeze(t: TestContext, commit: CommitUntil, frozenMs: number): Promise<number> {
  stopTime(t);
  let commits = 0;
  let isFrozen = false;
  const answer = ({ key }: Call) => {
    if (key === keys.offsetCommit) {
      commits++;
      return offsetCommitAnswer([{ topic: 'orders', partition: 0 }]);
    }
    if (!isFrozen) t.mock.timers.tick(frozenMs);
    isFrozen = true;
    if (key === keys.offsetFetch) return offsetFetchAnswer([{ topic: 'orders', partition: 0, offset: COMMITTED, metadata: 'lease 1' }]);
    return findCoordinatorAnswer({ host: 'broker-1', port: 9092 });
  };
  const cluster = new FakeCluster({ 'broker-1:9092': withMetadata(() => ({ brokers: brokersOf(1) }), answer) });
  const log = new KafkaLog(cluster, subscriptionOf({}), async () => ['orders'], 1);
  await timePasses(
    t,
    commit(log, Date.now() + 1000).catch(() => undefined),
  );
  return commits;
}

for (const [what, commit] of Object.entries(committing)) {
  test(`a process that was frozen past the end of its lease, and then ${what}, sends nothing`, async (t) => {
    assert.equal(await commitsAfterFreeze(t, commit, 1500), 0);
  });

  test(`a process that still has its lease ${what}`, async (t) => {
    assert.equal(await commitsAfterFreeze(t, commit, 500), 1);
  });
}

test('a log that ends before the committed offset for a moment, as its leader lags, does not make a subscription begin anew', async (t) => {
  assert.deepEqual(await continuesAt(t, (ms) => (ms < 1000 ? 4 : 9)), [COMMITTED]);
});

test('a log that stays shorter is that of a topic that was made anew, from its beginning', async (t) => {
  assert.deepEqual(await continuesAt(t, () => 4), [BEGINNING]);
});

/** A subscription whose topic and retry topic have two records each, of which their leaders show only the first for so many milliseconds. */
async function lagging(t: TestContext, ms: number): Promise<KafkaLog> {
  stopTime(t);
  const shownAt = Date.now() + ms;
  const subscription = subscriptionOf({});
  const kafka = new FakeLogs(1);
  kafka.others = ({ key }) =>
    key === keys.findCoordinator ? findCoordinatorAnswer({ host: 'broker-1', port: 9092 }) : offsetFetchAnswer([]);
  kafka.beforeFetch = async () => {
    await sleep(10);
    return 0;
  };
  for (const topic of ['orders', retryTopicOf(subscription.name)]) {
    const [log] = kafka.topic(topic, 1);
    log.append('zero');
    log.append('one');
    log.confirmed = () => (Date.now() < shownAt ? 1 : 2);
  }
  await timePasses(t, kafka.cluster.refresh([...kafka.leaders.keys()]));
  return new KafkaLog(kafka.cluster, subscription, async () => ['orders'], 1);
}

test('records that wait for another attempt are read to their end, though a new leader does not show all of them at first', async (t) => {
  const log = await lagging(t, 1000);

  const { records, next } = await timePasses(t, log.retries());

  assert.deepEqual([records.map(({ offset }) => offset), next], [[0, 1], 2]);
});

test('a large record that a new leader does not show at first is not gone', async (t) => {
  const log = await lagging(t, 1000);

  const record = await timePasses(t, log.recordAt({ topic: 'orders', partition: 0, offset: 1 }));

  assert.equal(record?.offset, 1);
});

test('a large record that a leader does not show for long is not gone either, but cannot be read', async (t) => {
  const log = await lagging(t, 60_000);

  await assert.rejects(timePasses(t, log.recordAt({ topic: 'orders', partition: 0, offset: 1 })), { name: 'KafkaUnavailable' });
});
