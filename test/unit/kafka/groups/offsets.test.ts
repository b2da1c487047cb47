import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../../lib/errors.ts';
import { commitForward, deleteOffsets, fetchOffsets } from '../../../../lib/kafka/groups/offsets.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { type Call, silence } from '../../../harness/fake-broker/fake-cluster.ts';
import {
  offsetCommitAnswer,
  offsetDeleteAnswer,
  offsetFetchAnswer,
  readOffsetCommit,
  readOffsetFetch,
} from '../../../harness/fake-broker/group-coordinator-side.ts';
import { timePasses } from '../../../harness/virtual-time.ts';
import { clusterWith, committed, NOT_COORDINATOR } from './group-cluster.ts';

const COORDINATOR_LOAD_IN_PROGRESS = 14;
const UNSTABLE = 88;

const done = offsetCommitAnswer([{ topic: 'orders', partition: 0 }]);

test('a partition that is refused is named', async (t) => {
  const { fetch } = clusterWith(t, () => offsetFetchAnswer([{ topic: 'orders', partition: 3, offset: -1, error: 29 }]));

  await assert.rejects(fetch(), { name: 'Forbidden', message: /partition 3 of orders/ });
});

/** A group of which a transaction has committed an offset, and ends once it was asked for so often. */
const pendingFor = (asks: number) => (call: Call) => {
  const isPending = asks-- > 0;
  const { requireStable } = readOffsetFetch(call.body);
  return offsetFetchAnswer(isPending && requireStable ? [{ topic: 'orders', partition: 0, offset: -1, error: UNSTABLE }] : committed);
};

test('offsets that a transaction has committed are waited for until it ends', async (t) => {
  const { fetch, asked } = clusterWith(t, pendingFor(2));

  assert.deepEqual(await fetch(), committed);
  assert.equal(asked.filter((what) => what === 'ask 1').length, 3);
});

test('a transaction that does not end is named', async (t) => {
  const { fetch } = clusterWith(t, pendingFor(Number.POSITIVE_INFINITY));

  await assert.rejects(fetch(Date.now() + 3000), { name: 'KafkaUnavailable', message: /A transaction .* has not ended/ });
});

test('what only shows offsets does not wait for a transaction', async (t) => {
  const { cluster, asked, soon } = clusterWith(t, pendingFor(Number.POSITIVE_INFINITY));

  assert.deepEqual(await timePasses(t, fetchOffsets(cluster, 'g', null, soon(), { orUnstable: true })), committed);
  assert.deepEqual(asked, ['look up', 'ask 1', 'ask 1']);
});

test('a commit whose answer was lost is repeated', async (t) => {
  const { kafka, commit, asked } = clusterWith(t, () => {
    kafka.answer = () => done;
    throw new Error('hung up');
  });

  await commit();

  assert.deepEqual(asked, ['look up', 'ask 1', 'look up', 'ask 1']);
});

/** What a reader that goes on commits, when its first try is not answered and others have committed this much by then. */
async function committedLate(t: TestContext, ...now: number[]): Promise<number[][]> {
  const { kafka, cluster, soon } = clusterWith(t, () => {
    kafka.answer = ({ key, body }) => {
      if (key === keys.offsetFetch) return offsetFetchAnswer(now.map((offset, partition) => ({ ...own[partition], offset })));
      sent.push(...readOffsetCommit(body).offsets.map(({ partition, offset }) => [partition, offset]));
      return done;
    };
    throw new Error('hung up');
  });
  const sent: number[][] = [];
  const own = [7, 8].map((offset, partition) => ({ topic: 'orders', partition, offset, metadata: '' }));
  await timePasses(t, commitForward(cluster, 'g', own, soon()));
  return sent;
}

test('a commit that is late takes back nothing that others have committed since', async (t) => {
  assert.deepEqual(await committedLate(t, 9, -1), [[1, 8]]);
});

test('a commit that is late, and was carried out or is behind all others, is not sent again', async (t) => {
  assert.deepEqual(await committedLate(t, 7, 12), []);
});

test('a commit that was never answered may have been carried out, and says so', async (t) => {
  const { commit } = clusterWith(t, silence);

  await assert.rejects(commit(Date.now() + 3000), {
    name: 'DeadlineExceeded',
    message: /The offsets may have been committed: try again$/,
  });
});

test('a commit of which its coordinator lost track may have been carried out, and says so', async (t) => {
  const { commit } = clusterWith(t, () => offsetCommitAnswer([{ topic: 'orders', partition: 0, error: NOT_COORDINATOR }]));

  await assert.rejects(commit(Date.now() + 3000), { name: 'KafkaUnavailable', message: /The offsets may have been committed: try again$/ });
});

test('a commit that was answered with a refusal was not carried out', async (t) => {
  const { commit } = clusterWith(t, () => offsetCommitAnswer([{ topic: 'orders', partition: 0, error: COORDINATOR_LOAD_IN_PROGRESS }]));

  await assert.rejects(
    commit(Date.now() + 3000),
    (error) => error instanceof GatewayError && error.name === 'KafkaUnavailable' && !error.message.includes('committed'),
  );
});

test('a commit that is refused in part says which part, and what became of the rest', async (t) => {
  const { commit } = clusterWith(t, () =>
    offsetCommitAnswer([
      { topic: 'orders', partition: 0 },
      { topic: 'clicks', partition: 4, error: 29 },
    ]),
  );

  await assert.rejects(commit(), {
    name: 'Forbidden',
    message: /topic\. It is about partition 4 of clicks\. The offsets of 1 other partitions were committed: /,
  });
});

test('a group with live members is in a state of its own', async (t) => {
  for (const error of [22, 25, 27, 110, 113]) {
    const { commit, asked } = clusterWith(t, () => offsetCommitAnswer([{ topic: 'orders', partition: 0, error }]));
    await assert.rejects(commit(), { name: 'IllegalState', status: 409, message: /has live members.*: stop them first$/ });
    assert.deepEqual(asked, ['look up', 'ask 1']);
    t.mock.timers.reset();
  }
});

test('offsets are deleted, or what refuses it is told', async (t) => {
  const topics = [{ topic: 'orders', partitions: [0, 1] }];
  const answers = [
    offsetDeleteAnswer([{ topic: 'orders', partition: 0 }]),
    offsetDeleteAnswer([], 68),
    offsetDeleteAnswer([{ topic: 'orders', partition: 1, error: 86 }]),
  ];
  const { cluster, soon } = clusterWith(t, () => answers.shift() ?? assert.fail());
  const remove = () => timePasses(t, deleteOffsets(cluster, 'g', topics, soon()));

  await remove();
  await assert.rejects(remove(), { name: 'IllegalState', message: /has live members/ });
  await assert.rejects(remove(), { name: 'IllegalState', message: /subscribe to the topic.*partition 1 of orders/ });
});
