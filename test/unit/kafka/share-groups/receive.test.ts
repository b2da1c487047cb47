import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sleep } from '../../../../lib/deadline.ts';
import { captureLog } from '../../../harness/events/http-event.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { type Call, silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { readShareAcknowledge, readShareFetch, shareFetchAnswer, shareOffsetsAnswer } from '../../../harness/fake-broker/share-side.ts';
import { DEADLINE_MS, nothing, placesOf, queueBrokers, setUp } from './queue-brokers.ts';
import { topicId } from './share-cluster.ts';

const LEADER_NOT_AVAILABLE = 5;
const NOT_LEADER = 6;
const COORDINATOR_LOAD_IN_PROGRESS = 14;
const GROUP_ID_NOT_FOUND = 69;
const SHARE_SESSION_NOT_FOUND = 122;
const INVALID_SHARE_SESSION_EPOCH = 123;
const SHARE_SESSION_LIMIT_REACHED = 133;
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

suite('a leader', () => {
  test('which has moved to another broker is asked there', async (t) => {
    const { state, run } = queueBrokers(t, {
      brokers: 2,
      leader(broker, { key }) {
        if (key !== keys.shareFetch || broker !== 1) return undefined;
        state.leaders = [2];
        return shareFetchAnswer({ partitions: [{ topicId, partition: 0, error: NOT_LEADER }] });
      },
    });
    state.leaders = [1];

    const { received, ms } = await run({ waitMs: 2000 });

    assert.deepEqual(placesOf(received), ['0/0']);
    assert.ok(ms < 1000, `it took ${ms} ms`);
  });

  for (const [what, error] of [
    ['is no leader any more', NOT_LEADER],
    ['does not know the group', UNKNOWN_SERVER_ERROR],
  ] as const) {
    test(`which says that it ${what} has another asked, however short the wait`, async (t) => {
      const { state, run } = queueBrokers(t, {
        brokers: 2,
        leader(broker, { key }) {
          if (key !== keys.shareFetch || broker !== 1) return undefined;
          state.leaders = [2];
          return shareFetchAnswer({ partitions: [{ topicId, partition: 0, error }] });
        },
      });
      state.leaders = [1];

      const { received, ms } = await run({ waitMs: 0 });

      assert.deepEqual(placesOf(received), ['0/0']);
      assert.ok(ms < 1000, `it took ${ms} ms`);
    });
  }

  test('which hangs up is asked again, however short the wait', async (t) => {
    let isUp = false;
    const { run } = queueBrokers(t, {
      leader(_broker, { key }) {
        if (key !== keys.shareFetch || isUp) return undefined;
        isUp = true;
        throw new Error('the broker hung up');
      },
    });

    const { received, ms } = await run({ waitMs: 0 });

    assert.deepEqual(placesOf(received), ['0/0']);
    assert.ok(ms < 1000, `it took ${ms} ms`);
  });

  test('which is elected meanwhile is asked, however short the wait', async (t) => {
    const { state, run } = queueBrokers(t);
    state.leaders = [-1];
    setTimeout(() => {
      state.leaders = [1];
    }, 1000);

    const { received, ms } = await run({ waitMs: 0 });

    assert.deepEqual(placesOf(received), ['0/0']);
    assert.ok(ms < 3000, `it took ${ms} ms`);
  });

  test('which refuses one partition, and has nothing in another, has been heard', async (t) => {
    const { state, run } = queueBrokers(t, {
      leader: (_broker, { key }) =>
        key === keys.shareFetch ? shareFetchAnswer({ partitions: [{ topicId, partition: 0, error: NOT_LEADER }] }) : undefined,
    });
    state.leaders = [1, 1];

    const { received, ms } = await run({ waitMs: 0 });

    assert.deepEqual(placesOf(received), []);
    assert.ok(ms < 1000, `it took ${ms} ms`);
  });

  test('which keeps no more sessions is told of after the wait, and once in the log, and its connection is used again', async (t) => {
    const lines = captureLog(t);
    const { cluster, run } = queueBrokers(t, {
      leader: (_broker, { key }) => (key === keys.shareFetch ? shareFetchAnswer({ error: SHARE_SESSION_LIMIT_REACHED }) : undefined),
    });
    const beganAt = Date.now();

    await assert.rejects(run({ waitMs: 2000 }), { status: 503, message: /share sessions/ });

    assert.ok(Date.now() - beganAt < 2500);
    assert.equal(lines.filter(({ event }) => event === 'queue_sessions_used_up').length, 1);
    assert.equal(cluster.opened.length, 2);
  });

  test('which keeps no more sessions takes nothing from what others have', async (t) => {
    captureLog(t);
    const { run } = queueBrokers(t, {
      brokers: 2,
      leader: (broker, { key }) =>
        key === keys.shareFetch && broker === 1 ? shareFetchAnswer({ error: SHARE_SESSION_LIMIT_REACHED }) : undefined,
    });

    const { received } = await run({ waitMs: 2000 });

    assert.deepEqual(placesOf(received), ['1/0']);
  });

  test('which cannot be asked until the time is over is told as that, and not as a silence', async (t) => {
    const { cluster, run } = queueBrokers(t, {
      leader: (_broker, { key }) => (key === keys.shareFetch ? shareFetchAnswer({ error: LEADER_NOT_AVAILABLE }) : undefined),
    });
    const usual = cluster.brokers.get('broker-1:9092') ?? silence;
    // The time ends while the gateway looks where to ask.
    cluster.brokers.set('broker-1:9092', async (call) => {
      if (call.key === keys.metadata) await sleep(700);
      return usual(call);
    });

    await assert.rejects(run({ waitMs: 0 }), { status: 503 });
  });

  test('which fails by itself is asked again, and the ids of topics are looked up before', async (t) => {
    let tries = 0;
    const { cluster, run } = queueBrokers(t, {
      leader(_broker, { key }) {
        if (key !== keys.shareFetch || ++tries > 1) return undefined;
        return shareFetchAnswer({ error: UNKNOWN_SERVER_ERROR });
      },
    });
    const lookUps: number[] = [];
    const { anyBroker } = cluster;
    cluster.anyBroker = () => {
      lookUps.push(tries);
      return anyBroker.call(cluster);
    };

    const { received, ms } = await run({ waitMs: 0 });

    assert.deepEqual(placesOf(received), ['0/0']);
    assert.ok(lookUps.includes(1));
    assert.ok(ms < 1000, `it took ${ms} ms`);
  });

  test('which always fails is told of after few tries, as each may count as a delivery', async (t) => {
    let tries = 0;
    const { run } = queueBrokers(t, {
      leader(_broker, { key }) {
        if (key !== keys.shareFetch) return undefined;
        tries++;
        return shareFetchAnswer({ error: UNKNOWN_SERVER_ERROR });
      },
    });

    await assert.rejects(run({ waitMs: 5000 }), { status: 500, code: 50002 });
    assert.equal(tries, 3);
  });

  test('which has come back at another address is asked there', async (t) => {
    const { cluster, state, run } = queueBrokers(t, { brokers: 2 });
    state.leaders = [1];
    await cluster.metadata(['orders']);
    const one = cluster.brokers.get('broker-1:9092');
    assert.ok(one !== undefined);
    cluster.brokers.set('broker-1:9999', one);
    cluster.brokers.set('broker-1:9092', () => Promise.reject(new Error('connect ECONNREFUSED')));
    state.brokers = [{ id: 1, host: 'broker-1', port: 9999 }, state.brokers[1]];

    const { received, ms } = await run({ waitMs: 2000 });

    assert.deepEqual(placesOf(received), ['0/0']);
    assert.ok(ms < 1000, `it took ${ms} ms`);
  });

  test('which is silent keeps nobody from the records of others', async (t) => {
    const { run } = queueBrokers(t, {
      brokers: 3,
      leader: (broker, { key }) => (key === keys.shareFetch && broker === 3 ? silence() : undefined),
    });

    const { received, ms } = await run();

    assert.deepEqual(placesOf(received), ['0/0', '1/0']);
    assert.ok(ms < SOON_MS, `it took ${ms} ms`);
  });

  for (const error of [SHARE_SESSION_NOT_FOUND, INVALID_SHARE_SESSION_EPOCH]) {
    test(`which has lost the session (error ${error}) gets another`, async (t) => {
      const epochs: number[] = [];
      const { run } = queueBrokers(t, {
        leader(_broker, { key, body }) {
          if (key !== keys.shareFetch) return undefined;
          epochs.push(readShareFetch(body).epoch);
          if (epochs.length === 1) return shareFetchAnswer({ partitions: [{ topicId, partition: 0, error: NOT_LEADER }] });
          return epochs.length === 2 ? shareFetchAnswer({ error }) : undefined;
        },
      });

      const { received } = await run({ waitMs: 2000 });

      assert.deepEqual(placesOf(received), ['0/0']);
      assert.deepEqual(epochs.at(-1), 0);
    });
  }

  test('which is silent at the end of the longest wait is told of before the deadline', async (t) => {
    const { run } = queueBrokers(t, { leader: (_broker, { key }) => (key === keys.shareFetch ? silence() : undefined) });

    await assert.rejects(run({ waitMs: DEADLINE_MS }), { status: 503, code: 50003 });
  });

  test('which does not close its session in time keeps no records from the caller', async (t) => {
    const { run } = queueBrokers(t, {
      brokers: 2,
      leader(broker, call) {
        if (call.key === keys.shareFetch && broker === 2) return nothing(call);
        return call.key === keys.shareAcknowledge && readShareAcknowledge(call.body).epoch === -1 ? silence() : undefined;
      },
    });

    const { received, ms } = await run();

    assert.deepEqual(placesOf(received), ['0/0']);
    assert.ok(ms < SOON_MS, `it took ${ms} ms`);
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
