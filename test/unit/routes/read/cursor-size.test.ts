import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeCursor } from '../../../../lib/records/responses/cursor.ts';
import { checkCursorLength } from '../../../../lib/routes/read/cursor-size.ts';

const positionsAt = (offset: number, count = 430) =>
  Array.from({ length: count }, (_, partition) => ({ topic: 'orders', partition, offset }));

test('a reader may begin in as many partitions as a cursor has room for', () => {
  const positions = positionsAt(9_999_999);

  checkCursorLength(positions, []);

  assert.ok(writeCursor(positions).length > 6500);
});

test('a reader may go on when the offsets have grown, where it could not begin', () => {
  const [before, now] = [positionsAt(9_999_999), positionsAt(99_999_999)];

  checkCursorLength(now, before);

  assert.throws(() => checkCursorLength(now, []), { name: 'BadRequest', message: /^The topics have 430 partitions, more than a cursor/ });
});

test('the ids of topics take no room from partitions', () => {
  const positions = Array.from({ length: 240 }, (_, i) => ({
    topic: `topic-${100 + i}`,
    partition: 0,
    offset: 10_000,
    incarnation: 'abcd',
  }));

  checkCursorLength(positions, []);

  assert.ok(writeCursor(positions).length > 7000);
});

test('a cursor that API Gateway might not pass on is refused wherever the reader is', () => {
  const positions = positionsAt(99_999_999, 520);

  assert.throws(() => checkCursorLength(positions, positions), { name: 'BadRequest' });
});
