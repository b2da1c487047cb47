import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sleep } from '../../../../lib/deadline.ts';
import { captureLog } from '../../../harness/events/http-event.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { readShareAcknowledge, readShareFetch, shareFetchAnswer } from '../../../harness/fake-broker/share-side.ts';
import { DEADLINE_MS, nothing, placesOf, queueBrokers } from './queue-brokers.ts';
import { topicId } from './share-cluster.ts';

const LEADER_NOT_AVAILABLE = 5;
const NOT_LEADER = 6;
const SHARE_SESSION_NOT_FOUND = 122;
const INVALID_SHARE_SESSION_EPOCH = 123;
const SHARE_SESSION_LIMIT_REACHED = 133;
const UNKNOWN_SERVER_ERROR = -1;
/** The longest that a short wait may become, where somebody has to be looked for. */
const SOON_MS = 12_500;

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
