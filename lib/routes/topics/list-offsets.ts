import { route } from '../../admission/route.ts';
import { genericTypes } from '../../http/media-types.ts';
import { either, integer, optional, time } from '../../http/query.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { type OffsetAtTime, type OffsetBounds, offsetBounds, offsetsAtTime } from '../../kafka/fetch/list-offsets.ts';

/** -1 is the end of the log, -2 its beginning, as in Kafka's own protocol. */
const parameters = { timestamp: optional(either(integer({ min: -2, max: -1 }), time)) };

const namesTopic = ({ topic }: { topic: string }) => ({ topics: [topic] });

/** The beginning and the end of a partition, or the offset that belongs to a time. */
export const partitionOffsets = route('GET /topics/{topic}/partitions/{partition}/offsets', {
  operation: 'describe',
  offers: genericTypes,
  names: namesTopic,
  query: parameters,
  async answer({ request: { path, deadline }, cluster, query }) {
    const [found] = await listOffsets(cluster, path.topic, [path.partition], query, deadline);
    return { body: `{${found.shown}}` };
  },
});

/** The same for every partition. */
export const topicOffsets = route('GET /topics/{topic}/offsets', {
  operation: 'describe',
  offers: genericTypes,
  names: namesTopic,
  query: parameters,
  async answer({ request: { path, deadline }, cluster, query }) {
    const found = await listOffsets(cluster, path.topic, null, query, deadline);
    return { body: `[${found.map(({ partition, shown }) => `{"partition":${partition},${shown}}`).join()}]` };
  },
});

async function listOffsets(
  cluster: Cluster,
  topic: string,
  partitions: number[] | null,
  { timestamp }: { timestamp?: number | undefined },
  deadline: number,
): Promise<{ partition: number; shown: string }[]> {
  if (timestamp === undefined) {
    const bounds = await offsetBounds(cluster, topic, partitions, deadline);
    return bounds.map((one) => ({ partition: one.partition, shown: showBounds(one) }));
  }
  const found = await offsetsAtTime(cluster, topic, partitions, timestamp, deadline);
  return found.map((one) => ({ partition: one.partition, shown: showOffset(one) }));
}

// JSON.stringify does not support bigint, and a time may have more digits than a number holds.
const showBounds = ({ beginning, end }: OffsetBounds) => `"beginning_offset":${beginning},"end_offset":${end}`;
const showOffset = ({ offset, timestamp }: OffsetAtTime) => `"offset":${offset},"timestamp":${timestamp}`;
