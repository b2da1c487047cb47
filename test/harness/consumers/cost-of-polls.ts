import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ConsumerOptions } from '../../../lib/kafka/groups/membership/coordinator.ts';
import { newMemberId } from '../../../lib/kafka/groups/membership/member-id.ts';
import { produce } from '../http/requests.ts';
import { createTopic } from '../kafka/topics.ts';
import type { ProxiedKafka } from '../proxy/proxied-kafka.ts';
import { createConsumer, newGroup } from './consumer-requests.ts';

/** Of which the cheapest counts. */
const POLLS = 8;

const options: ConsumerOptions = {
  ...{ format: 'text', offsetReset: 'earliest', autoCommit: true, minBytes: 1, timeoutMs: null, isolation: 'read_committed' },
};

/** The ids of a thousand members. */
export const thousandMembers = (): string[] => Array.from({ length: 1000 }, (_, i) => newMemberId(`m${i}`, options));

/**
 * What a poll of one record costs in a group that is at rest.
 *
 * @param crowd joins the group that it is told, to read a topic that it is told
 * @returns names of the requests to Kafka, sorted, and their bytes with those of the answers
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
  // A group that has changed costs more, and so does a heartbeat, which is due once a second.
  for (let i = 0; i < POLLS; i++) {
    await produce(topic, 'text', [{ value: 'a' }]);
    proxy.startCounting();
    assert.deepEqual(await consumer.values(), ['a']);
    if (proxy.bytes() < cheapest.bytes) cheapest = { requests: proxy.requests().toSorted(), bytes: proxy.bytes() };
  }
  return cheapest;
}
