import { mayOn } from '../../admission/grants.ts';
import { route } from '../../admission/route.ts';
import { genericTypes } from '../../http/media-types.ts';
import type { JsonMembers } from '../../json/json-members.ts';
import type { PlaceCommit } from '../../kafka/groups/membership/coordinator.ts';
import { isShort, MOST_METADATA_BYTES } from '../../kafka/groups/membership/row.ts';
import { metadataTooLong } from '../../messages/consumers.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { eachOnce, integer, readMembers, readObjects, readPlace, readPlaces } from './body.ts';
import { coordinatorOf, NO_CONTENT, ofInstance, topicsIn } from './consumer-of.ts';

/** The committed offsets of the partitions that the body names, or of all. */
export const offsets = route('GET /consumers/{group}/instances/{instance}/offsets', {
  ...ofInstance,
  offers: genericTypes,
  async read(request) {
    const members = await readMembers(request, ['partitions']);
    return members?.partitions === undefined ? null : readPlaces(members.partitions);
  },
  more: ({ content }) => ({ topics: topicsIn(content ?? []) }),
  async answer({ request, cluster, content }) {
    const mayRead = mayOn(request, 'topics');
    const wanted = content && new Set(content.map(({ topic, partition }) => `${partition} ${topic}`));
    const committed = (await (await coordinatorOf(request, cluster)).committed())
      .filter(({ topic, partition }) => wanted?.has(`${partition} ${topic}`) ?? mayRead('read', topic))
      .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
    return { body: JSON.stringify({ offsets: committed }) };
  },
});

/** Commits offsets: each is the offset of the last processed record. Without a body, commits all records that were returned. */
export const postOffsets = route('POST /consumers/{group}/instances/{instance}/offsets', {
  ...ofInstance,
  offers: genericTypes,
  async read(request) {
    const members = await readMembers(request, ['offsets', 'partitions']);
    // Redpanda's clients call the member `partitions`.
    const [offsets, partitions] = ['offsets', 'partitions'].map((name) => {
      const given = members?.[name];
      if (given === undefined) return null;
      const commits = readObjects(given, name, ['topic', 'partition', 'offset', 'metadata']);
      return eachOnce(commits.map((one, i) => readCommit(one, `${name}[${i}]`)));
    });
    return offsets ?? partitions;
  },
  more: ({ content }) => ({ topics: topicsIn(content ?? []) }),
  async answer({ found, content }) {
    await found.commit(content);
    return NO_CONTENT;
  },
});

function readCommit(members: JsonMembers, where: string): PlaceCommit {
  const place = readPlace(members, where);
  const offset = integer(members.offset);
  if (offset === null || offset < 0 || offset === Number.MAX_SAFE_INTEGER) throw placeInvalid(`${where}.offset`, 'an integer from 0');
  const { metadata = '' } = members;
  if (typeof metadata !== 'string') throw placeInvalid(`${where}.metadata`, 'a string');
  if (!isShort(metadata)) throw metadataTooLong(MOST_METADATA_BYTES);
  return { ...place, offset: offset + 1, metadata };
}
