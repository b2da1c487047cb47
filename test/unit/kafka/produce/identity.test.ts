import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextSequence, ProducerIdentity } from '../../../../lib/kafka/produce/identity.ts';
import { initProducerIdAnswer, keys } from '../../../harness/fake-broker/broker-side.ts';
import { FakeCluster, type Respond, silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';

const inTime = () => Date.now() + 60_000;
const LOADING = 14;
const FORBIDDEN = 31;

/** One broker that answers InitProducerId by `answer`, and an identity that asks it. */
function identityFrom(answer: Respond) {
  const asked: number[] = [];
  const cluster = new FakeCluster({
    'one:9092': (call) => {
      assert.equal(call.key, keys.initProducerId);
      asked.push(Date.now());
      return answer(call);
    },
  });
  return { identity: new ProducerIdentity(cluster), cluster, asked };
}

/** Ids one after the other, all in the same epoch. */
const idsFrom = (first: bigint, epoch = 0): Respond => {
  let id = first;
  return () => initProducerIdAnswer({ id: id++, epoch });
};

test('the identity is fetched once, however many ask at the same time', async () => {
  const { identity, asked } = identityFrom(idsFrom(100n));

  const all = await Promise.all(Array.from({ length: 20 }, () => identity.current(inTime())));
  const later = identity.current(inTime());

  assert.equal(asked.length, 1);
  assert.deepEqual(all[0], { id: 100n, epoch: 0, sequences: new Map() });
  for (const one of [...all, later]) assert.equal(one, all[0]);
});

test('leaving an identity keeps the id, begins the next epoch with new sequences, and asks nobody', async () => {
  const { identity, asked } = identityFrom(idsFrom(100n, 5));
  const first = await identity.current(inTime());
  first.sequences.set('lane', 12);

  identity.leave(first);
  const second = await identity.current(inTime());

  assert.deepEqual(second, { id: 100n, epoch: 6, sequences: new Map() });
  assert.equal(asked.length, 1);
});

test('an identity that was left already is not left again', async () => {
  const { identity } = identityFrom(idsFrom(100n));
  const first = await identity.current(inTime());

  identity.leave(first);
  const second = await identity.current(inTime());
  identity.leave(first);
  identity.forget(first);

  assert.equal(await identity.current(inTime()), second);
  assert.equal(second.epoch, 1);
});

test('an identity that is forgotten has a new id for a successor', async () => {
  const { identity, asked } = identityFrom(idsFrom(100n));
  const first = await identity.current(inTime());

  identity.forget(first);
  const second = await identity.current(inTime());

  assert.deepEqual(second, { id: 101n, epoch: 0, sequences: new Map() });
  assert.equal(asked.length, 2);
});

test('before epochs run out of 16 bits a new id is fetched', async () => {
  const { identity, asked } = identityFrom(
    (() => {
      let epoch = 31_990;
      let id = 100n;
      return () => {
        const answer = initProducerIdAnswer({ id, epoch });
        epoch = 0;
        id++;
        return answer;
      };
    })(),
  );
  const epochs: number[] = [];

  for (let i = 0; i < 30; i++) {
    const current = await identity.current(inTime());
    epochs.push(current.epoch);
    identity.leave(current);
  }

  assert.ok(Math.max(...epochs) < 32_767);
  assert.equal(asked.length, 2);
  assert.equal((await identity.current(inTime())).id, 101n);
});

test('a passing refusal and a lost connection are tried again until there is an id', async (t) => {
  stopTime(t);
  let tries = 0;
  const { identity, asked } = identityFrom(async () => {
    tries++;
    if (tries === 1) return initProducerIdAnswer({ error: LOADING, id: -1n, epoch: -1 });
    if (tries === 2) throw new Error('connection lost');
    return initProducerIdAnswer({ id: 7n });
  });

  const current = await timePasses(t, Promise.resolve(identity.current(Date.now() + 5000)));

  assert.equal(current.id, 7n);
  assert.equal(asked.length, 3);
});

test('a broker that did not answer is suspected, so that another is asked', async (t) => {
  stopTime(t);
  const { identity, cluster } = identityFrom(silence);
  const suspected = t.mock.method(cluster, 'suspect');

  await assert.rejects(timePasses(t, Promise.resolve(identity.current(Date.now() + 5000))), { name: 'DeadlineExceeded' });

  assert.deepEqual(suspected.mock.calls[0].arguments, ['one:9092']);
});

test('a final refusal ends it at once; the next request asks again', async () => {
  let error = FORBIDDEN;
  const { identity, asked } = identityFrom(() => initProducerIdAnswer({ error, id: 9n, epoch: 0 }));

  await assert.rejects(async () => identity.current(inTime()), { name: 'Forbidden' });
  error = 0;

  assert.equal((await identity.current(inTime())).id, 9n);
  assert.equal(asked.length, 2);
});

test('at the deadline it is the last failure', async (t) => {
  stopTime(t);
  const began = Date.now();
  const { identity } = identityFrom(() => initProducerIdAnswer({ error: LOADING, id: -1n, epoch: -1 }));

  await assert.rejects(timePasses(t, Promise.resolve(identity.current(began + 1000))), { name: 'KafkaUnavailable' });

  assert.ok(Date.now() <= began + 1250);
});

test('who has more time than the one who asked first still gets an id', async (t) => {
  stopTime(t);
  let loading = true;
  const { identity } = identityFrom(() => initProducerIdAnswer({ error: loading ? LOADING : 0, id: 9n, epoch: 0 }));
  const hasty = Promise.resolve(identity.current(Date.now() + 300));
  const patient = Promise.resolve(identity.current(Date.now() + 10_000));
  const hastyEnds = assert.rejects(hasty);

  await pass(t, 1000);
  loading = false;

  assert.equal((await timePasses(t, patient)).id, 9n);
  await hastyEnds;
});

test('sequences go on after the records of a batch, and around at 31 bits', () => {
  assert.equal(nextSequence(0, 1), 1);
  assert.equal(nextSequence(41, 100), 141);
  assert.equal(nextSequence(2 ** 31 - 1, 1), 0);
  assert.equal(nextSequence(2 ** 31 - 2, 5), 3);
});
