import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InflatesTooFar } from '../../../../lib/kafka/compression/inflates-too-far.ts';
import { inflationError } from '../../../../lib/kafka/compression/zlib-limit.ts';

test("zlib's own limit becomes ours, with its error as the cause", () => {
  const reached = Object.assign(new RangeError('too large'), { code: 'ERR_BUFFER_TOO_LARGE' });

  const error = inflationError(reached);

  assert.ok(error instanceof InflatesTooFar);
  assert.equal(error.cause, reached);
});

test('every other failure is passed on', () => {
  const damaged = Object.assign(new Error('unexpected end of file'), { code: 'Z_BUF_ERROR' });

  assert.equal(inflationError(damaged), damaged);
  assert.equal(inflationError('no error at all'), 'no error at all');
});
