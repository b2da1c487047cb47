import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type StartOptions, startPositions } from '../../../../lib/kafka/fetch/start-positions.ts';
import { keys, listOffsetsAnswer, type MetadataContent, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const EARLIER = { id: 'c7716a'.padEnd(32, '0'), incarnation: 'x3Fq' };
const NOW = { id: 'ff'.repeat(16), incarnation: '____' };

/** A cluster of one broker, whose topic has the ids that a test gives, one an answer; the last one stays. */
function clusterOf(ids: string[]) {
  const content = (): MetadataContent => {
    const id = ids.length > 1 ? ids.shift() : ids[0];
    return { brokers: brokersOf(1), topics: [{ ...topicOn('orders', 1, 1), ...(id !== undefined && { id }) }] };
  };
  const answer = withMetadata<Call>(content, ({ key, body, version }) => {
    assert.equal(key, keys.listOffsets);
    const { partitions } = readListOffsets(body);
    return listOffsetsAnswer(
      'orders',
      partitions.map(({ partition }) => ({ partition, offset: 0 })),
      version,
    );
  });
  return new FakeCluster({ 'broker-1:9092': answer });
}

function start(t: TestContext, ids: string[], options: Partial<StartOptions>) {
  stopTime(t);
  const all = {
    given: [],
    from: 'earliest',
    to: null,
    mayMiss: false,
    isolation: 'read_committed',
    deadline: Date.now() + 20_000,
  } as const;
  return timePasses(t, startPositions(clusterOf(ids), ['orders'], { ...all, ...options }));
}

const at = (partition: number, offset: number, incarnation?: string) => ({
  ...{ topic: 'orders', partition, offset, until: Number.POSITIVE_INFINITY },
  ...(incarnation !== undefined && { incarnation }),
});

test('positions say of which topic of the name they are', async (t) => {
  const positions = await start(t, [NOW.id], { given: [at(1, 5)] });

  assert.deepEqual(positions, [at(1, 5, NOW.incarnation), at(0, 0, NOW.incarnation)]);
});

test('positions say nothing of that where brokers tell no ids', async (t) => {
  const positions = await start(t, [], { given: [at(1, 5, EARLIER.incarnation)] });

  assert.deepEqual(positions, [at(1, 5, EARLIER.incarnation), at(0, 0)]);
});

test('a position in an earlier topic of the name is refused', async (t) => {
  await assert.rejects(start(t, [NOW.id], { given: [at(1, 5, EARLIER.incarnation)] }), {
    name: 'InvalidArgument',
    message: 'The topic orders was deleted and created again after this cursor: start again without a cursor',
  });
});

for (const may of [{ mayMiss: true }, { mayBeAnew: true }]) {
  test(`a position in an earlier topic of the name gives way to the beginning, where that may be (${Object.keys(may)})`, async (t) => {
    const given = [at(1, 5, EARLIER.incarnation), at(0, 0, EARLIER.incarnation)];

    const positions = await start(t, [NOW.id], { given, ...may });

    assert.deepEqual(positions, [at(0, 0, NOW.incarnation), { ...at(1, 0, NOW.incarnation), insteadOf: 5 }]);
  });
}

test('a broker that still names the topic before is asked again', async (t) => {
  const positions = await start(t, [EARLIER.id, EARLIER.id, EARLIER.id, NOW.id], { given: [at(1, 5, NOW.incarnation)] });

  assert.deepEqual(positions, [at(1, 5, NOW.incarnation), at(0, 0, NOW.incarnation)]);
});
