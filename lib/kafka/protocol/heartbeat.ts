import type { Request } from './request.ts';
import { Writer } from './wire.ts';

const NO_GENERATION = -1;
const NO_MEMBER = '';

/** A heartbeat of no member, which changes nothing; its error code tells whether the caller may read the group. The answer is that code. */
export const heartbeatOfNobody = (group: string): Request<number> => ({
  key: 12,
  name: 'Heartbeat',
  versions: { min: 1, max: 1 },
  encode: () => [new Writer().string(group).int32(NO_GENERATION).string(NO_MEMBER).done()],
  decode(reader) {
    reader.int32();
    return reader.int16();
  },
});
