import { readCompactNullableString, skipTags } from './compact.ts';
import { type IdentifiedPartitions, readIdentifiedPartitions } from './identified-partitions.ts';
import type { Reader } from './wire.ts';

/** What a coordinator answers to the heartbeat of a member, of a group of the consumer protocol and of a share group alike. */
export interface HeartbeatAnswer {
  error: number;
  /** What is wrong, in the words of the broker; null where nothing is. */
  message: string | null;
  epoch: number;
  /** How often the coordinator wants to hear of the member, in milliseconds. */
  intervalMs: number;
  /** Null where the coordinator does not say: in a share group, where nothing has changed. */
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
