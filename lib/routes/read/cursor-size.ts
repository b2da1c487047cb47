import { tooManyPartitions } from '../../messages/read.ts';
import { MAX_CURSOR_LENGTH, type Position, shortestCursor } from '../../records/responses/cursor.ts';

/** Where a client begins: later its offsets have more digits, and its topics more partitions. */
const MAX_AT_BEGINNING = 7000;

/**
 * @param given where the client, or its group, has come to already; empty at its beginning
 * @throws {GatewayError} BadRequest for more partitions than fit into a cursor
 */
export function checkCursorLength(positions: readonly Position[], given: readonly Position[]): void {
  if (shortestCursor(positions).length <= (given.length === 0 ? MAX_AT_BEGINNING : MAX_CURSOR_LENGTH)) return;
  throw tooManyPartitions(positions.length);
}
