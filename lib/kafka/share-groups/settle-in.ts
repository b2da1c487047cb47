import { NONE } from '../error-codes.ts';
import { type AcknowledgeType, type OffsetRange, shareAcknowledge } from '../protocol/share-acknowledge.ts';
import type { OpenSession } from './session-pool.ts';
import { shareGroupError } from './support.ts';

const ANSWER_MS = 2500;

/**
 * Settles some of what a session holds, over the session's own connection.
 *
 * @throws {GatewayError} when the session, or a partition, is lost by then
 */
export async function settleIn(session: OpenSession, type: AcknowledgeType, ranges: readonly OffsetRange[]): Promise<void> {
  const { group, member, epoch, connection } = session;
  const { error, partitions } = await connection.send(shareAcknowledge({ group, member, epoch, type, ranges }), ANSWER_MS);
  if (error !== NONE) throw shareGroupError(error);
  session.epoch++;
  const failed = partitions.find((one) => one.error !== NONE);
  if (failed !== undefined) throw shareGroupError(failed.error);
}
