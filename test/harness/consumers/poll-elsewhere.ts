import type { TestContext } from 'node:test';
import type { Coordinator, HandedOut, WantedRecords } from '../../../lib/kafka/groups/membership/coordinator.ts';
import { produce } from '../http/requests.ts';
import { createTopic } from '../kafka/topics.ts';
import { arrivedNow, createConsumer, newGroup, type TestConsumer } from './consumer-requests.ts';

/** A consumer that has read its whole topic, of one record, by a poll without `poll_id`. */
export async function consumerAtEnd(t: TestContext, bootstrapServers: string, { autoCommit = false } = {}) {
  const topic = await createTopic({ bootstrapServers });
  await produce(topic, 'text', [{ value: 'read' }]);
  const consumer = await createConsumer(t, newGroup(), { 'auto.commit.enable': autoCommit });
  await consumer.subscribe([topic]);
  await consumer.values();
  return { topic, consumer };
}

/**
 * A poll in another process, by default `x`: it finds a record, or nothing at first, when it is told so, and answers with the offsets that
 * it hands out.
 */
export async function pollElsewhere(
  elsewhere: (group: string) => Coordinator,
  { group, name }: TestConsumer,
  asked: { waitMs: number; arrivedAt?: number; since?: number; pollId?: string },
) {
  const reads = Promise.withResolvers<void>();
  const found = Promise.withResolvers<boolean>();
  const read = async ({ positions }: WantedRecords): Promise<HandedOut<string>> => {
    reads.resolve();
    const isRepeated = Number.isFinite(positions[0]?.until);
    if (!(await found.promise) && !isRepeated) return { next: [], isEmpty: true, answer: 'nothing' };
    const next = positions.map(({ until, ...position }) => ({ ...position, offset: Math.min(position.offset + 1, until) }));
    return { next, isEmpty: false, answer: `${positions[0]?.offset}-${next[0]?.offset}` };
  };
  const consumer = await elsewhere(group).describe(name, arrivedNow());
  const answer = consumer.poll({ pollId: 'x', arrivedAt: null, since: asked.arrivedAt ?? Date.now(), ...asked }, read);
  return { reads: reads.promise, findRecord: () => found.resolve(true), findNothing: () => found.resolve(false), answer };
}
