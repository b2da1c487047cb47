import { behindHeader, compactArray, compactString, NO_TAGS } from './compact.ts';
import { type HeartbeatAnswer, readHeartbeatAnswer } from './group-heartbeat.ts';
import type { Request } from './request.ts';
import { Writer } from './wire.ts';

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

const NULL = Buffer.alloc(1);

/** Joins a share group (KIP-932), stays in it, or leaves it. */
export const shareGroupHeartbeat = ({ group, member, epoch, topics }: ShareHeartbeat): Request<HeartbeatAnswer> => ({
  key: 76,
  name: 'ShareGroupHeartbeat',
  versions: { min: 1, max: 1 },
  throttle: behindHeader,
  encode: () => [
    NO_TAGS,
    compactString(group),
    compactString(member),
    new Writer().int32(epoch).done(),
    NULL, // no rack
    topics === null ? NULL : compactArray(topics.map(compactString)),
    NO_TAGS,
  ],
  decode: readHeartbeatAnswer,
});
