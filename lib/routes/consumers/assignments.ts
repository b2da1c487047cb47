import { mayOn } from '../../admission/grants.ts';
import { route } from '../../admission/route.ts';
import { genericTypes } from '../../http/media-types.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { readMembers, readPlaces } from './body.ts';
import { NO_CONTENT, ofInstance, topicsIn } from './consumer-of.ts';

/** The partitions that an instance has now. */
export const assignments = route('GET /consumers/{group}/instances/{instance}/assignments', {
  ...ofInstance,
  offers: genericTypes,
  answer({ request, found }) {
    const mayRead = mayOn(request, 'topics');
    const partitions = found.partitions
      .filter(({ topic }) => mayRead('read', topic))
      .map(({ topic, partition }) => ({ topic, partition }))
      .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
    return { body: JSON.stringify({ partitions }) };
  },
});

/** Assigns partitions by hand, replacing earlier ones. */
export const postAssignments = route('POST /consumers/{group}/instances/{instance}/assignments', {
  ...ofInstance,
  offers: genericTypes,
  async read(request) {
    const members = await readMembers(request, ['partitions']);
    if (members?.partitions === undefined) throw placeInvalid('partitions', 'an array');
    return readPlaces(members.partitions);
  },
  more: ({ content }) => ({ topics: topicsIn(content) }),
  async answer({ found, content }) {
    await found.assign(content);
    return NO_CONTENT;
  },
});
