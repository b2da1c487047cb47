import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Cluster } from '../../../lib/kafka/cluster/cluster.ts';
import type { HandedOut, PlacePosition, WantedRecords } from '../../../lib/kafka/groups/membership/coordinator.ts';
import { KafkaCoordinator } from '../../../lib/kafka/groups/membership/kafka-coordinator.ts';
import { placesIn } from '../../../lib/kafka/groups/membership/member.ts';
import { Seat } from '../../../lib/kafka/groups/membership/seat.ts';
import { FRESH_MS } from '../../../lib/kafka/groups/membership/turns.ts';
import { produce } from '../http/requests.ts';
import { createTopic } from '../kafka/topics.ts';
import { until } from '../until.ts';
import { arrivedNow, createConsumer, newGroup, partitionsOf, type TestConsumer } from './consumer-requests.ts';
import { otherProcess } from './other-process.ts';

const manual = { 'auto.commit.enable': false };
const deadline = () => Date.now() + 20_000;
const texts = (...values: string[]) => values.map((value, i) => ({ value, partition: i }));

/** Reads one record of each partition, and returns the new positions. */
const readOne = async ({ positions }: WantedRecords): Promise<HandedOut<PlacePosition[]>> => ({
  next: positions.map(({ topic, partition, offset, until: end }) => ({ topic, partition, offset: Math.min(offset + 1, end) })),
  isEmpty: positions.length === 0,
  answer: positions.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
});

/** Two members, one of which has read both partitions and must give one up. */
async function twoMembers(
  kafka: string,
  t: Parameters<typeof createConsumer>[0],
  options: object,
): Promise<{ topic: string; first: TestConsumer; second: TestConsumer }> {
  const [topic, group] = [await createTopic({ partitions: 2, bootstrapServers: kafka }), newGroup()];
  await produce(topic, 'text', texts('a', 'b'));
  const first = await createConsumer(t, group, { ...options });
  await first.subscribe([topic]);
  assert.equal((await first.values()).length, 2);
  const second = await createConsumer(t, group, { ...options });
  await second.subscribe([topic]);
  return { topic, first, second };
}

/**
 * What happens to consumers that Kafka keeps when a process dies or is late while another continues. Brokers differ in how they describe
 * members that must give up partitions.
 *
 * @param kafka `host:port`; available once the tests run
 */
export function testDeadProcesses(kafka: () => string): void {
  let cluster: Cluster;
  /** The cluster of a second process, besides the gateway that the tests call. */
  const other = () => cluster;
  before(() => {
    cluster = otherProcess(kafka());
  });
  after(() => cluster.close());

  test('what a process that died was told to give up is committed before others get it', async (t) => {
    const { topic, first, second } = await twoMembers(kafka(), t, {});
    const dying = new Seat(other(), first.group, deadline());
    await until(async () => {
      const { member } = await dying.find(first.name);
      const told = await dying.beat(member);
      return told !== null && placesIn(told.owned).length === 1;
    });

    // Within a second, it asks for its assignment.
    await until(async () => {
      await first.poll();
      await second.poll();
      return (await partitionsOf(second)).length > 0;
    });
    const [kept] = await partitionsOf(first);
    await produce(topic, 'text', [{ value: 'c', partition: 1 - kept }]);

    assert.deepEqual(await second.values(), ['c']);
  });

  test('who gets a partition begins where it was committed last, also since the poll began', async (t) => {
    const { topic, first, second } = await twoMembers(kafka(), t, manual);
    const found = await new KafkaCoordinator(other(), second.group, deadline()).describe(second.name, arrivedNow());

    await first.commit();
    await until(async () => (await first.poll()).status === 200 && (await partitionsOf(first)).length === 1);
    const [kept] = await partitionsOf(first);
    const positions = await found.poll({ pollId: null, waitMs: 5000, arrivedAt: null, since: Date.now() }, readOne);

    assert.deepEqual(positions, [{ topic, partition: 1 - kept, offset: 1 }]);
  });

  test('a poll that another process has answered meanwhile, and stored, has that answer', async (t) => {
    const [topic, group] = [await createTopic({ bootstrapServers: kafka() }), newGroup()];
    const consumer = await createConsumer(t, group, manual);
    await consumer.subscribe([topic]);
    await consumer.poll();
    await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }]);
    const [asOf, found] = [Date.now(), await new KafkaCoordinator(other(), group, deadline()).describe(consumer.name, arrivedNow())];

    const values = await consumer.values({ poll_id: 'x' });
    await until(() => Date.now() - asOf > 2 * FRESH_MS);
    let wanted: WantedRecords['positions'] = [];
    await found.poll({ pollId: 'x', waitMs: 0, arrivedAt: null, since: Date.now() }, (asked) => {
      wanted = asked.positions;
      return readOne(asked);
    });

    assert.deepEqual([values, wanted], [['a', 'b'], [{ topic, partition: 0, offset: 0, until: 2 }]]);
  });
}
