import { behindHeader, CompactWriter, readCompactString, readCompactStructures, skipTags } from './compact.ts';
import type { Request } from './request.ts';

export interface ListedGroup {
  group: string;
  /** Of the classic protocol: `consumer` for consumers, `connect` for workers of Kafka Connect; empty for a group that has only offsets. */
  protocolType: string;
  /** Null if the broker is too old to say (Kafka 2.6). */
  state: string | null;
  /** `classic`, `consumer` (KIP-848), `share` …; null if the broker is too old to say (Kafka 3.8). */
  type: string | null;
}

export interface ListGroupsAnswer {
  error: number;
  groups: ListedGroup[];
}

/** Asks a broker for the groups that it coordinates and that may be described. */
export const listGroups: Request<ListGroupsAnswer> = {
  key: 16,
  name: 'ListGroups',
  versions: { min: 3, max: 5 },
  throttle: behindHeader,
  encode(version) {
    const writer = new CompactWriter().noTags();
    // Of any state, and of any type.
    for (const since of [4, 5]) if (version >= since) writer.noItems();
    return [writer.noTags().done()];
  },
  decode(reader, version) {
    skipTags(reader);
    reader.int32();
    const error = reader.int16();
    const groups = readCompactStructures(reader, () => ({
      group: readCompactString(reader),
      protocolType: readCompactString(reader),
      state: version >= 4 ? readCompactString(reader) : null,
      type: version >= 5 ? readCompactString(reader) : null,
    }));
    skipTags(reader);
    return { error, groups };
  },
};
