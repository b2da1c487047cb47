import { route } from '../../admission/route.ts';
import type { RouteKey } from '../../http/api.ts';
import { genericTypes } from '../../http/media-types.ts';
import { parseTime } from '../../http/time.ts';
import type { JsonMembers } from '../../json/json-members.ts';
import { EARLIEST, LATEST } from '../../kafka/fetch/list-offsets.ts';
import type { SeekTarget } from '../../kafka/groups/membership/coordinator.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { eachOnce, integer, readMembers, readObjects, readPlace, readPlaces } from './body.ts';
import { NO_CONTENT, ofInstance, topicsIn } from './consumer-of.ts';

/** Moves the instance to offsets, and to the first records at or after times. */
export const seek = route('POST /consumers/{group}/instances/{instance}/positions', {
  ...ofInstance,
  offers: genericTypes,
  async read(request) {
    const { offsets = [], timestamps = [], ...others } = (await readMembers(request, ['offsets', 'timestamps'])) ?? {};
    if (Object.keys(others).length > 0) throw placeInvalid('offsets', 'an array');
    const toOffsets = readObjects(offsets, 'offsets', ['topic', 'partition', 'offset', 'metadata']).map(readOffset);
    const toTimes = readObjects(timestamps, 'timestamps', ['topic', 'partition', 'timestamp', 'metadata']).map(readTime);
    const targets: SeekTarget[] = [...toOffsets, ...toTimes];
    if (targets.length === 0) throw placeInvalid('offsets or timestamps', 'an array of at least one position');
    return eachOnce(targets);
  },
  more: ({ content }) => ({ topics: topicsIn(content) }),
  async answer({ found, content }) {
    await found.seek(content);
    return NO_CONTENT;
  },
});

type EndKey = RouteKey & `${string}/positions/${'beginning' | 'end'}`;

const seekToEndOfLog = <Key extends EndKey>(key: Key, timestamp: number) =>
  route(key, {
    ...ofInstance,
    offers: genericTypes,
    async read(request) {
      const members = await readMembers(request, ['partitions']);
      if (members?.partitions === undefined) throw placeInvalid('partitions', 'an array');
      return readPlaces(members.partitions).map((place): SeekTarget => ({ ...place, to: { timestamp } }));
    },
    more: ({ content }) => ({ topics: topicsIn(content) }),
    async answer({ found, content }) {
      await found.seek(content);
      return NO_CONTENT;
    },
  });

export const seekToBeginning = seekToEndOfLog('POST /consumers/{group}/instances/{instance}/positions/beginning', EARLIEST);
export const seekToEnd = seekToEndOfLog('POST /consumers/{group}/instances/{instance}/positions/end', LATEST);

function readOffset(members: JsonMembers, i: number): SeekTarget {
  const offset = integer(members.offset);
  if (offset === null || offset < 0) throw placeInvalid(`offsets[${i}].offset`, 'an integer from 0');
  return { ...readPlace(members, `offsets[${i}]`), to: { offset } };
}

function readTime(members: JsonMembers, i: number): SeekTarget {
  const { timestamp: given } = members;
  const timestamp = typeof given === 'string' || typeof given === 'number' ? parseTime(String(given)) : undefined;
  if (timestamp === undefined) throw placeInvalid(`timestamps[${i}].timestamp`, 'a time, as Unix milliseconds or ISO 8601');
  return { ...readPlace(members, `timestamps[${i}]`), to: { timestamp } };
}
