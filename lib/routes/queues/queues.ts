import { mayOn } from '../../admission/grants.ts';
import { route } from '../../admission/route.ts';
import { queuesConfig } from '../../config/queues.ts';
import { readJson } from '../../http/json-body.ts';
import { genericTypes } from '../../http/media-types.ts';
import { COPY_TRIES, forgetDeliveryLimit } from '../../kafka/share-groups/dead-letters.ts';
import { configureQueue, describeQueue, listQueues, type QueueSettings } from '../../kafka/share-groups/queues.ts';
import { MAX_INT32 } from '../../limits-of-protocol.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { topicName } from '../../topic-name.ts';
import { integerIn, membersOfBody, textIn } from './fields.ts';

const namesGroup = ({ group }: { group: string }) => ({ groups: [group] });
const FIELDS = ['auto_offset_reset', 'lock_ms', 'max_deliveries', 'dead_letter_topic'];
/** The widest bounds that a broker can have: `group.share.min.record.lock.duration.ms` is at least 1 s, the maximum at most an hour. */
const SHORTEST_LOCK_MS = 1000;
const LONGEST_LOCK_MS = 3_600_000;

/** The queues that the caller may describe. */
export const queues = route('GET /queues', {
  operation: 'describe',
  offers: genericTypes,
  async answer({ request, cluster }) {
    const mayDescribe = mayOn(request, 'consumer_groups');
    const all = await listQueues(cluster, request.deadline);
    const shown = all.filter(({ group }) => mayDescribe('describe', group)).map(({ group, state }) => ({ group_id: group, state }));
    return { body: JSON.stringify({ queues: shown }) };
  },
});

/** The state and the settings of a queue, and its positions in the topics that the caller may describe. */
export const queue = route('GET /queues/{group}', {
  operation: 'describe',
  offers: genericTypes,
  names: namesGroup,
  async answer({ request, cluster }) {
    const { group } = request.path;
    const mayDescribe = mayOn(request, 'topics');
    const { state, members, settings, positions } = await describeQueue(cluster, group, request.deadline);
    const shown = {
      ...{ group_id: group, state, members },
      auto_offset_reset: settings.startAt,
      lock_ms: settings.lockMs,
      delivery_limit: settings.deliveryLimit,
      partitions: positions
        .filter(({ topic }) => mayDescribe('describe', topic))
        .map(({ topic, partition, startOffset, lag }) => ({ topic, partition, start_offset: startOffset, lag })),
    };
    return { body: JSON.stringify(shown) };
  },
});

/** Sets in which settings a queue differs from the cluster's defaults, before or after its first use. */
export const putQueue = route('PUT /queues/{group}', {
  operation: 'alter',
  offers: genericTypes,
  names: namesGroup,
  read: async (request) => readSettings(await readJson(request)),
  async answer({ request, cluster, content }) {
    const { group } = request.path;
    await configureQueue(cluster, group, content, request.deadline);
    forgetDeliveryLimit(cluster, group);
    return { status: 204, body: '' };
  },
});

/**
 * Reads `{"auto_offset_reset"?, "lock_ms"?, "max_deliveries"?, "dead_letter_topic"?}`. With a dead-letter topic, Kafka's own delivery limit
 * is higher than that of the queue, to leave attempts for copying a record.
 */
function readSettings(json: unknown): QueueSettings {
  const members = membersOfBody(json, FIELDS);
  const startAt = members.auto_offset_reset;
  if (startAt !== undefined && startAt !== 'earliest' && startAt !== 'latest')
    throw placeInvalid('auto_offset_reset', 'earliest or latest');
  const named = textIn(members.dead_letter_topic, 'dead_letter_topic');
  if (named !== null) topicName(named);
  const lockMs = integerIn(members.lock_ms, 'lock_ms', SHORTEST_LOCK_MS, LONGEST_LOCK_MS, undefined);
  const most = integerIn(members.max_deliveries, 'max_deliveries', 1, MAX_INT32 - COPY_TRIES, undefined);
  const hasDeadLetters = named !== null || queuesConfig().deadLetterTopic !== null;
  return {
    ...(startAt !== undefined && { startAt }),
    ...(lockMs !== undefined && { lockMs }),
    ...(most !== undefined && { deliveryLimit: hasDeadLetters ? most + COPY_TRIES : most }),
  };
}
