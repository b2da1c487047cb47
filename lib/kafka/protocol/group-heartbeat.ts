import { readCompactNullableString, skipTags } from './compact.ts';
import { type IdentifiedPartitions, readIdentifiedPartitions } from './identified-partitions.ts';
import type { Reader } from './wire.ts';

/** A coordinator's answer to the heartbeat of a member, the same for groups of the consumer protocol and share groups. */
export interface HeartbeatAnswer {
  error: number;
  /** What is wrong, in the words of the broker; null if nothing is. */
  message: string | null;
  epoch: number;
  /** How often the coordinator wants a heartbeat, in milliseconds. */
  intervalMs: number;
  /** Null if the coordinator does not say: in a share group, if nothing has changed. */
  assignment: IdentifiedPartitions[] | null;
}

export function readHeartbeatAnswer(reader: Reader): HeartbeatAnswer {
  skipTags(reader);
  reader.int32();
  const error = reader.int16();
  const message = readCompactNullableString(reader);
  readCompactNullableString(reader);
  const [epoch, intervalMs] = [reader.int32(), reader.int32()];
  const assignment = reader.int8() < 0 ? null : readAssignment(reader);
  skipTags(reader);
  return { error, message, epoch, intervalMs, assignment };
}

function readAssignment(reader: Reader): IdentifiedPartitions[] {
  const assignment = readIdentifiedPartitions(reader);
  skipTags(reader);
  return assignment;
}
