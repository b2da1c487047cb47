import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ConsumerOptions } from '../../../lib/kafka/groups/membership/coordinator.ts';
import { newMemberId } from '../../../lib/kafka/groups/membership/member-id.ts';
import { FRESH_MS } from '../../../lib/kafka/groups/membership/turns.ts';
import { produce } from '../http/requests.ts';
import { createTopic } from '../kafka/topics.ts';
import type { ProxiedKafka } from '../proxy/proxied-kafka.ts';
import { createConsumer, newGroup } from './consumer-requests.ts';

/** How many polls to measure that are not slowed down by other work of the machine; the cheapest counts. */
const POLLS = 8;

const options: ConsumerOptions = {
  ...{ format: 'text', offsetReset: 'earliest', autoCommit: true, minBytes: 1, timeoutMs: null, isolation: 'read_committed' },
};

/** The ids of a thousand members. */
export const thousandMembers = (): string[] => Array.from({ length: 1000 }, (_, i) => newMemberId(`m${i}`, options, 0));

/**
 * The cost of a poll of one record, in a group that does not change.
 *
 * @param crowd joins a group to read a topic, both of which it gets
 * @returns the names of the requests to Kafka, sorted, and the bytes of requests and responses
 */
export async function costOfPolls(
  t: TestContext,
  { proxy, direct }: ProxiedKafka,
  crowd: (group: string, topic: string) => Promise<void>,
): Promise<{ requests: string[]; bytes: number }> {
  const [topic, others] = [await createTopic({ bootstrapServers: direct }), await createTopic({ bootstrapServers: direct })];
  const consumer = await createConsumer(t, newGroup(), { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  await crowd(consumer.group, others);

  let cheapest = { requests: [''], bytes: Number.POSITIVE_INFINITY };
  // A poll costs more after a change of the group, with a heartbeat, which is due once a second, and if it takes so long that it reads what
  // it replaces again.
  for (let quick = 0; quick < POLLS; ) {
    await produce(topic, 'text', [{ value: 'a' }]);
    proxy.startCounting();
    const began = Date.now();
    assert.deepEqual(await consumer.values(), ['a']);
    if (Date.now() - began < FRESH_MS) quick++;
    if (proxy.bytes() < cheapest.bytes) cheapest = { requests: proxy.requests().toSorted(), bytes: proxy.bytes() };
  }
  return cheapest;
}
