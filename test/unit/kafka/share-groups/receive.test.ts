import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sleep } from '../../../../lib/deadline.ts';
import { sessionPoolOf } from '../../../../lib/kafka/share-groups/session-pool.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { type Call, silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { shareFetchAnswer, shareOffsetsAnswer } from '../../../harness/fake-broker/share-side.ts';
import { nothing, placesOf, queueBrokers, setUp } from './queue-brokers.ts';
import { topicId } from './share-cluster.ts';

const COORDINATOR_LOAD_IN_PROGRESS = 14;
const GROUP_ID_NOT_FOUND = 69;
const UNKNOWN_SERVER_ERROR = -1;
/** The longest that a short wait may become, where somebody has to be looked for. */
const SOON_MS = 12_500;

test('records come from all leaders, and the wait ends with them', async (t) => {
  const { run } = queueBrokers(t, { brokers: 3 });

  const { received, ms } = await run({ waitMs: 20_000 });

  assert.deepEqual(placesOf(received), ['0/0', '1/0', '2/0']);
  assert.ok(ms < 1000);
});

test('with little time left, records are received that are there', async (t) => {
  const coordinator = async () => {
    await sleep(50);
    return setUp(1);
  };
  const { run } = queueBrokers(t, { coordinator });

  const { received } = await run({ deadlineMs: 200 });

  assert.deepEqual(placesOf(received), ['0/0']);
});

test('where there is nothing, the answer comes after the wait', async (t) => {
  const { run } = queueBrokers(t, { brokers: 3, leader: (_broker, call) => (call.key === keys.shareFetch ? nothing(call) : undefined) });

  const { received, ms } = await run({ waitMs: 200 });

  assert.deepEqual(placesOf(received), []);
  assert.ok(ms < 1000);
});

test('once nobody wants the records any more, the receive ends, and its sessions with it', async (t) => {
  const left = new AbortController();
  const leader = (_broker: number, call: Call) => {
    if (call.key !== keys.shareFetch) return undefined;
    setTimeout(() => left.abort(), 1000);
    return nothing(call);
  };
  const { cluster, run } = queueBrokers(t, { leader });

  const { received, ms } = await run({ waitMs: 20_000, gone: left.signal });

  assert.deepEqual(placesOf(received), []);
  assert.ok(ms < 2000, `it took ${ms} ms`);
  assert.equal(sessionPoolOf(cluster).size, 0);
});

test('records that come as their client leaves are given back', async (t) => {
  const left = new AbortController();
  const leader = (_broker: number, call: Call) => {
    if (call.key === keys.shareFetch) left.abort();
    return undefined;
  };
  const { cluster, run } = queueBrokers(t, { leader });

  const { received } = await run({ gone: left.signal });

  assert.deepEqual([placesOf(received), sessionPoolOf(cluster).size], [[], 0]);
});

suite('the coordinator', () => {
  const notYet = [
    ['is silent', 504, silence],
    ['is loading what it knows', 503, () => shareOffsetsAnswer('g', { error: COORDINATOR_LOAD_IN_PROGRESS })],
    ['hangs up', 503, () => Promise.reject(new Error('the broker hung up'))],
  ] as const;
  for (const [what, status, coordinator] of notYet) {
    test(`where it ${what}, that is told soon after the wait, and no records are given that Kafka may set up again`, async (t) => {
      const { run } = queueBrokers(t, { brokers: 3, coordinator });
      const beganAt = Date.now();

      await assert.rejects(run(), { status, retriable: true });
      assert.ok(Date.now() - beganAt < SOON_MS, `it took ${Date.now() - beganAt} ms`);
    });
  }

  test('where it sets nothing up, the answer comes soon after the wait', async (t) => {
    const coordinator = ({ key }: Call) =>
      key === keys.describeShareGroupOffsets ? shareOffsetsAnswer('g', { error: GROUP_ID_NOT_FOUND }) : undefined;
    const { run } = queueBrokers(t, { coordinator, leader: (_broker, call) => (call.key === keys.shareFetch ? nothing(call) : undefined) });

    const { received, ms } = await run();

    assert.deepEqual(placesOf(received), []);
    assert.ok(ms < SOON_MS, `it took ${ms} ms`);
  });

  test('where it has set up some partitions only, none is received before the others are', async (t) => {
    const { run } = queueBrokers(t, {
      brokers: 2,
      coordinator: ({ key }) => (key === keys.describeShareGroupOffsets ? setUp(1) : undefined),
      leader: (broker, call) => (call.key === keys.shareFetch && broker === 2 ? nothing(call) : undefined),
    });

    const { received, ms } = await run();

    assert.deepEqual(placesOf(received), []);
    assert.ok(ms < SOON_MS, `it took ${ms} ms`);
  });

  test('where a leader says that nothing is set up, and nobody can be asked to, that is told soon after the wait', async (t) => {
    let asked = 0;
    const { run } = queueBrokers(t, {
      coordinator: ({ key }) => (key === keys.describeShareGroupOffsets && asked++ > 0 ? silence() : undefined),
      leader: (_broker, { key }) =>
        key === keys.shareFetch ? shareFetchAnswer({ partitions: [{ topicId, partition: 0, error: UNKNOWN_SERVER_ERROR }] }) : undefined,
    });

    const beganAt = Date.now();

    await assert.rejects(run(), { name: 'DeadlineExceeded' });
    assert.ok(Date.now() - beganAt < SOON_MS, `it took ${Date.now() - beganAt} ms`);
  });
});

suite('where nobody can be asked', () => {
  test('a silent cluster is told of before the deadline, as one that may be tried again', async (t) => {
    const { state, run } = queueBrokers(t, { brokers: 3 });
    state.everyone = silence;
    const beganAt = Date.now();

    await assert.rejects(run(), { status: 504, code: 50401 });
    assert.ok(Date.now() - beganAt < SOON_MS, `it took ${Date.now() - beganAt} ms`);
  });

  test('leaders that are silent one after the other do not take the time to the deadline', async (t) => {
    const { run } = queueBrokers(t, { brokers: 12, leader: (_broker, { key }) => (key === keys.shareFetch ? silence() : undefined) });
    const beganAt = Date.now();

    await assert.rejects(run({ maxRecords: 1 }), { status: 503, code: 50003 });
    assert.ok(Date.now() - beganAt < SOON_MS, `it took ${Date.now() - beganAt} ms`);
  });

  test('partitions that nobody leads any more are not looked for until the deadline', async (t) => {
    const { state, run } = queueBrokers(t, {
      brokers: 3,
      leader(_broker, { key }) {
        if (key !== keys.shareFetch) return undefined;
        state.leaders = [-1, -1, -1];
        throw new Error('the broker hung up');
      },
    });
    const beganAt = Date.now();

    await assert.rejects(run({ maxRecords: 1 }), { status: 503, code: 50003 });
    assert.ok(Date.now() - beganAt < SOON_MS, `it took ${Date.now() - beganAt} ms`);
  });
});

test('what was acquired is freed where the receive fails in the end', async (t) => {
  const { cluster, run } = queueBrokers(t, {
    brokers: 2,
    leader: (broker, { key }) => (key === keys.shareFetch && broker === 2 ? shareFetchAnswer({ error: GROUP_ID_NOT_FOUND }) : undefined),
  });
  const closed: string[] = [];
  const { openAlone } = cluster;
  cluster.openAlone = async (broker) => {
    const connection = await openAlone.call(cluster, broker);
    const { close } = connection;
    connection.close = (cause) => {
      closed.push(connection.address);
      close.call(connection, cause);
    };
    return connection;
  };

  await assert.rejects(run({ waitMs: 2000 }), { status: 409 });
  assert.ok(closed.includes('broker-1:9092'));
});
