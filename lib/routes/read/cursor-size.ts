import { tooManyPartitions } from '../../messages/read.ts';
import { type Position, writeCursor } from '../../records/responses/cursor.ts';

/** API Gateway limits the headers and the query of a request, and the headers of a response, to 10 KB; a cursor is in both. */
export const MAX_CURSOR_LENGTH = 7000;

/** @throws {GatewayError} InvalidArgument for more partitions than fit into a cursor */
export function checkCursorLength(positions: readonly Position[]): void {
  if (writeCursor(positions).length <= MAX_CURSOR_LENGTH) return;
  throw tooManyPartitions(positions.length);
}
