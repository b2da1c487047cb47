import type { TestContext } from 'node:test';
import { sleep } from '../../../../lib/deadline.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { receive } from '../../../../lib/kafka/share-groups/receive.ts';
import type { Received } from '../../../../lib/kafka/share-groups/received.ts';
import { inLog, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, type Respond, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { findCoordinatorAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import {
  readShareFetch,
  shareAcknowledgeAnswer,
  shareFetchAnswer,
  shareHeartbeatAnswer,
  shareOffsetsAnswer,
  topicIdsAnswer,
} from '../../../harness/fake-broker/share-side.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';
import { topicId } from './share-cluster.ts';

export const DEADLINE_MS = 28_500;
const TOPIC_IDS_VERSION = 12;

export interface QueueOptions {
  /** How many brokers there are. */
  brokers?: number;
  /** What the coordinator, broker 1, answers; undefined for the usual: the group is set up. */
  coordinator?: (call: Call) => Buffer | Promise<Buffer> | undefined;
  /** What a leader answers, by its id; undefined for the usual: a record for the first who asks, and nothing for others. */
  leader?: (broker: number, call: Call) => Buffer | Promise<Buffer> | undefined;
}

/** Brokers that lead a partition of `orders` each, and have a record in it. */
export function queueBrokers(t: TestContext, { brokers: count = 1, coordinator, leader }: QueueOptions = {}) {
  stopTime(t);
  const brokers = brokersOf(count);
  const state = { leaders: brokers.map(({ id }) => id), brokers, everyone: null as Respond | null };
  const given = new Set<number>();
  const usual = (broker: number, call: Call): Buffer | Promise<Buffer> => {
    const { key, version, body } = call;
    if (key === keys.findCoordinator) return findCoordinatorAnswer(state.brokers[0]);
    if (key === keys.describeShareGroupOffsets) return setUp(state.leaders.length);
    if (key === keys.shareGroupHeartbeat) return shareHeartbeatAnswer({ epoch: 1 });
    if (key === keys.shareAcknowledge) return shareAcknowledgeAnswer();
    if (key !== keys.shareFetch) throw new Error(`nobody asks for ${key} in version ${version}`);
    const partitions = state.leaders.flatMap((leads, partition) => (leads === broker ? [partition] : []));
    const left = readShareFetch(body).epoch === 0 ? partitions.filter((partition) => !given.has(partition)) : [];
    if (left.length === 0) return nothing(call);
    for (const partition of left) given.add(partition);
    return shareFetchAnswer({ partitions: left.map((partition) => oneRecord(partition)) });
  };
  const answer =
    (broker: number): Respond =>
    (call) => {
      const { key, version } = call;
      if (state.everyone !== null) return state.everyone(call);
      if (key === keys.metadata && version === TOPIC_IDS_VERSION) return topicIdsAnswer('orders', topicId);
      const isOfGroup = key === keys.describeShareGroupOffsets || key === keys.shareGroupHeartbeat;
      return (isOfGroup ? coordinator?.(call) : leader?.(broker, call)) ?? usual(broker, call);
    };
  const content = () => ({ brokers: state.brokers, topics: [topicOn('orders', ...state.leaders)] });
  const cluster = new FakeCluster(
    Object.fromEntries(
      brokers.map(({ id, host, port }) => {
        const others = answer(id);
        const known = withMetadata<Call>(content, others);
        const respond: Respond = (call) => (state.everyone !== null || call.version === TOPIC_IDS_VERSION ? others(call) : known(call));
        return [`${host}:${port}`, respond];
      }),
    ),
  );
  /** Receives, and says after how many milliseconds that was over. */
  const run = async ({
    waitMs = 200,
    maxRecords = 10,
    deadlineMs = DEADLINE_MS,
    gone = noSignal,
  } = {}): Promise<{ received: Received; ms: number }> => {
    const beganAt = Date.now();
    const deadline = beganAt + deadlineMs;
    const limits = { maxRecords, maxBytes: 1_000_000, largest: 1_000_000 };
    const received = await timePasses(t, receive(cluster, 'g', { topics: ['orders'], waitMs, deadline, gone, ...limits }));
    return { received, ms: Date.now() - beganAt };
  };
  return { cluster, state, run };
}

const noSignal: AbortSignal | null = null;

/** Where the records are that were received. */
export const placesOf = ({ runs }: Received): string[] =>
  runs.flatMap(({ partition, records }) => records.map(({ offset }) => `${partition}/${offset}`)).sort();

/** What a leader answers that has nothing, after it has waited for it. */
export async function nothing({ body }: Call): Promise<Buffer> {
  await sleep(readShareFetch(body).waitMs);
  return shareFetchAnswer({});
}

/** A group that has been set up for so many partitions. */
export const setUp = (count: number): Buffer =>
  shareOffsetsAnswer('g', {
    offsets: Array.from({ length: count }, (_, partition) => ({ topic: 'orders', topicId, partition })),
  });

/** What a leader has acquired of a partition: its first record. */
const oneRecord = (partition: number) => ({
  topicId,
  partition,
  batches: inLog(writeBatch([recordOf('v')]), { baseOffset: 0 }),
  acquired: [{ first: 0, last: 0, deliveries: 1 }],
});
