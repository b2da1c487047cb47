import { tooManyPartitions } from '../../messages/read.ts';
import { type Position, writeCursor } from '../../records/responses/cursor.ts';

/** API Gateway takes requests, and gives answers, whose headers and query have 10 KB at the most; a cursor is in both. */
export const MAX_CURSOR_LENGTH = 7000;

/** @throws {GatewayError} InvalidArgument for more partitions than a cursor can name */
export function checkCursorLength(positions: readonly Position[]): void {
  if (writeCursor(positions).length <= MAX_CURSOR_LENGTH) return;
  throw tooManyPartitions(positions.length);
}
