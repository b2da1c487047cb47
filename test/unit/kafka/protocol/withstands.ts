import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Request } from '../../../../lib/kafka/protocol/request.ts';
import { Reader } from '../../../../lib/kafka/protocol/wire.ts';

/** How often bytes of an answer are put otherwise. */
const RUNS = 300;

/**
 * Reads an answer cut short at every byte, and with bytes that are others: it is read, or it is a RangeError, which is how the reader says
 * that an answer is not what its version promises. Nothing else may come of it, such as memory by the length that an answer claims.
 *
 * @param needed so many of its bytes are read: an answer with fewer is refused
 */
export function withstands<Answer>(request: Request<Answer>, answer: Buffer, needed = answer.length): void {
  const read = (bytes: Buffer): boolean => {
    try {
      request.decode(new Reader(bytes), request.versions.max);
      return true;
    } catch (error) {
      assert.ok(error instanceof RangeError, `not a RangeError: ${error}`);
      return false;
    }
  };
  for (let length = 0; length < needed; length++)
    assert.equal(read(answer.subarray(0, length)), false, `${length} of ${needed} bytes were enough`);
  const changes = fc.array(fc.tuple(fc.nat(answer.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(changes, (changed) => {
      const bytes = Buffer.from(answer);
      for (const [at, byte] of changed) bytes[at] = byte;
      read(bytes);
    }),
    { numRuns: RUNS },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(Buffer.from(bytes))),
    { numRuns: RUNS },
  );
}
