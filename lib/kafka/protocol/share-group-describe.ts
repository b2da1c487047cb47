import {
  behindHeader,
  compactArray,
  compactString,
  NO_TAGS,
  readCompactArray,
  readCompactNullableString,
  readCompactString,
  readCompactStructures,
  skipTags,
} from './compact.ts';
import type { Request } from './request.ts';
import { readUuid } from './uuid.ts';

export interface ShareGroup {
  error: number;
  /** `Empty`, `Stable` or `Dead`. */
  state: string;
  /** How many consumers have joined; the sessions of those who have not are not among them. */
  members: number;
}

const NO = Buffer.alloc(1);

/** Asks the coordinator of a share group what it is. */
export const shareGroupDescribe = (group: string): Request<ShareGroup> => ({
  key: 77,
  name: 'ShareGroupDescribe',
  versions: { min: 1, max: 1 },
  throttle: behindHeader,
  encode: () => [NO_TAGS, compactArray([compactString(group)]), NO, NO_TAGS],
  decode(reader) {
    skipTags(reader);
    reader.int32();
    const [answer] = readCompactStructures(reader, () => {
      const error = reader.int16();
      readCompactNullableString(reader);
      readCompactString(reader);
      const state = readCompactString(reader);
      reader.int32();
      reader.int32();
      readCompactString(reader);
      const members = readCompactStructures(reader, () => {
        readCompactString(reader);
        readCompactNullableString(reader);
        reader.int32();
        readCompactString(reader);
        readCompactString(reader);
        readCompactArray(reader, () => readCompactString(reader));
        readCompactStructures(reader, () => {
          readUuid(reader);
          readCompactString(reader);
          readCompactArray(reader, () => reader.int32());
        });
        skipTags(reader);
      });
      reader.int32();
      return { error, state, members: members.length };
    });
    return answer ?? { error: -1, state: 'Dead', members: 0 };
  },
});
