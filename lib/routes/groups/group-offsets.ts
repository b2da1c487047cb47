import { mayOn } from '../../admission/grants.ts';
import { route } from '../../admission/route.ts';
import { readJson } from '../../http/json-body.ts';
import { genericTypes } from '../../http/media-types.ts';
import { integer, optional, type Parameter, parseQuery, type Query, text } from '../../http/query.ts';
import { existingOffsets, type GroupOffset, lagBetween, offsetsOfTopic, offsetsWithEnds } from '../../kafka/groups/lag.ts';
import { commitOffsets, deleteOffsets } from '../../kafka/groups/offsets.ts';
import { resolvePositions } from '../../kafka/groups/positions.ts';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';
import { offsetsOfOthers, partitionTwice } from '../../messages/groups.ts';
import { parameterNeedsTopic } from '../../messages/requests.ts';
import { topicName } from '../../topic-name.ts';
import { readOffsets } from './offsets-body.ts';

const namesGroup = ({ group }: { group: string }) => ({ groups: [group] });

/** The topics of offsets, without duplicates. */
const topicsIn = (found: readonly { topic: string }[]): string[] => [...new Set(found.map(({ topic }) => topic))];

const topicParameter: Parameter<string> = { accepts: text.accepts, parse: (given) => (given === '' ? undefined : topicName(given)) };

/** The committed offsets and the lag of all partitions, or of one topic (`?topic=`). */
export const groupOffsets = route('GET /groups/{group}/offsets', {
  operation: 'describe',
  offers: genericTypes,
  names: namesGroup,
  query: { topic: optional(topicParameter) },
  more: ({ query: { topic } }) => ({ topics: topic === undefined ? [] : [topic] }),
  async find({ request, cluster, query }) {
    if (query.topic !== undefined) return null;
    const mayDescribe = mayOn(request, 'topics');
    const committed = await existingOffsets(cluster, request.path.group, request.deadline);
    return committed.filter(({ topic }) => mayDescribe('describe', topic));
  },
  topicsFound: ({ found }) => topicsIn(found ?? []),
  async answer({ request: { path, deadline }, cluster, query, found }) {
    const offsets =
      query.topic === undefined
        ? await offsetsWithEnds(cluster, found ?? [], deadline)
        : await offsetsOfTopic(cluster, path.group, query.topic, deadline);
    return { body: JSON.stringify({ offsets: offsets.map(showOffset) }) };
  },
});

function showOffset({ topic, partition, offset, metadata, end }: GroupOffset): object {
  if (offset < 0) return { topic, partition, offset: null, metadata: null, end_offset: end, lag: null };
  return { topic, partition, offset, metadata, end_offset: end, lag: end === null ? null : lagBetween(offset, end) };
}

/** Commits offsets: as given, or as found for an end of the log or a time. */
export const putGroupOffsets = route('PUT /groups/{group}/offsets', {
  operation: 'commit',
  offers: genericTypes,
  names: namesGroup,
  read: async (request) => readOffsets(await readJson(request)),
  more: ({ content }) => ({ topics: topicsIn(content), toTopics: 'read' }),
  async answer({ request: { path, deadline }, cluster, content }) {
    const offsets = await resolvePositions(cluster, content, deadline);
    const places = new Set(offsets.map(({ topic, partition }) => `${partition} ${topic}`));
    if (places.size < offsets.length) throw partitionTwice();
    await commitOffsets(cluster, path.group, offsets, deadline);
    return { body: JSON.stringify({ offsets: offsets.map((one) => ({ ...one, metadata: one.metadata ?? '' })) }) };
  },
});

function chosen(query: Query): { topic?: string | undefined; partition?: number | undefined } {
  const { topic, partition } = parseQuery(query, {
    topic: optional(topicParameter),
    partition: optional(integer({ min: 0, max: MAX_PARTITION })),
  });
  if (topic === undefined && partition !== undefined) throw parameterNeedsTopic();
  return { topic, partition };
}

/** Deletes all committed offsets, or those of a topic (`?topic=`) or of one partition (`&partition=`). */
export const deleteGroupOffsets = route('DELETE /groups/{group}/offsets', {
  operation: 'delete',
  offers: genericTypes,
  names: namesGroup,
  query: chosen,
  more: ({ query: { topic } }) => ({ topics: topic === undefined ? [] : [topic], toTopics: 'read' }),
  async find({ request, cluster, query: { topic, partition } }) {
    const committed = await existingOffsets(cluster, request.path.group, request.deadline);
    const doomed = committed.filter(
      (one) => (topic === undefined || one.topic === topic) && (partition === undefined || one.partition === partition),
    );
    const mayRead = mayOn(request, 'topics');
    if (!doomed.every((one) => mayRead('read', one.topic))) throw offsetsOfOthers();
    return doomed;
  },
  topicsFound: ({ found }) => topicsIn(found),
  async answer({ request: { path, deadline }, cluster, found }) {
    const topics = [...Map.groupBy(found, (one) => one.topic)].map(([topic, offsets]) => ({
      topic,
      partitions: offsets.map((one) => one.partition),
    }));
    if (topics.length > 0) await deleteOffsets(cluster, path.group, topics, deadline);
    return { status: 204, body: '' };
  },
});
