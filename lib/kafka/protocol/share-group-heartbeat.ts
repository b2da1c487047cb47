import { behindHeader, CompactWriter } from './compact.ts';
import { type HeartbeatAnswer, readHeartbeatAnswer } from './group-heartbeat.ts';
import type { Request } from './request.ts';

/** A member's heartbeat to the coordinator of its share group. */
export interface ShareHeartbeat {
  group: string;
  /** Chosen by the member. */
  member: string;
  /** 0 to join, -1 to leave; otherwise the epoch of the last answer. */
  epoch: number;
  /** The topics that it subscribes to; null for the same as in the last heartbeat. */
  topics: readonly string[] | null;
}

/** Joins a share group (KIP-932), stays in it, or leaves it. */
export const shareGroupHeartbeat = ({ group, member, epoch, topics }: ShareHeartbeat): Request<HeartbeatAnswer> => ({
  key: 76,
  name: 'ShareGroupHeartbeat',
  versions: { min: 1, max: 1 },
  throttle: behindHeader,
  encode() {
    const writer = new CompactWriter().noTags().compactString(group).compactString(member).int32(epoch);
    writer.compactString(null); // no rack
    return [
      writer
        .compactArray(topics, (topic) => writer.compactString(topic))
        .noTags()
        .done(),
    ];
  },
  decode: readHeartbeatAnswer,
});
