import { behindHeader, CompactWriter } from './compact.ts';
import { type HeartbeatAnswer, readHeartbeatAnswer } from './group-heartbeat.ts';
import type { Request } from './request.ts';

/** What a member of a share group tells the group's coordinator. */
export interface ShareHeartbeat {
  group: string;
  /** Made up by the member. */
  member: string;
  /** 0 to join, -1 to leave; else what the answer before said. */
  epoch: number;
  /** The topics that it subscribes to; null for those of the heartbeat before. */
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
