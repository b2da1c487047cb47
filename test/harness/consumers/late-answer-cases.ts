import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Cluster } from '../../../lib/kafka/cluster/cluster.ts';
import type { Coordinator } from '../../../lib/kafka/groups/membership/coordinator.ts';
import type { RequestName } from '../proxy/kafka-proxy.ts';
import type { ProxiedKafka } from '../proxy/proxied-kafka.ts';
import { until } from '../until.ts';
import { otherProcess } from './other-process.ts';
import { consumerAtEnd, pollElsewhere } from './poll-elsewhere.ts';

const WAIT_MS = 300;
/** By how much the terms of the polls begin later, so that a busy machine reads within them. */
const IN_TIME_MS = 1000;

/** What the tests need of a store of groups. */
interface Keeper {
  /** Available once the tests run. */
  kafka(): ProxiedKafka;
  coordinator(cluster: Cluster, group: string): Coordinator;
  /** What a poll asks of Kafka, besides records, before it stores where it is. */
  besides: RequestName;
}

/** Polls that have read within their terms, and then wait for Kafka until the terms are over. */
export function testLateAnswers({ kafka, coordinator, besides }: Keeper): void {
  let [slow, other]: Cluster[] = [];
  before(() => {
    slow = otherProcess(kafka().bootstrapServers);
    other = otherProcess(kafka().direct);
  });
  after(() => {
    slow.close();
    other.close();
  });

  test('a poll that has found no record within its term has those that the same poll takes elsewhere within it', async (t) => {
    const { consumer } = await consumerAtEnd(t, kafka().direct);
    await consumer.poll({ poll_id: 'before', timeout: WAIT_MS });
    await consumer.commit();
    const since = Date.now() + IN_TIME_MS;
    const holding = kafka().proxy.holdRequest(besides);

    const givenUp = await pollElsewhere((group) => coordinator(other, group), consumer, { waitMs: WAIT_MS, since });
    const repeated = await pollElsewhere((group) => coordinator(slow, group), consumer, { waitMs: WAIT_MS, since });
    await Promise.all([givenUp.reads, repeated.reads]);
    repeated.findNothing();
    const held = await holding;
    givenUp.findRecord();
    const taken = await givenUp.answer;
    await until(() => Date.now() > since + WAIT_MS);
    await held.release();

    assert.deepEqual([taken, await repeated.answer], ['1-2', '1-2']);
  });
}
