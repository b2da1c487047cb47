import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../lib/errors.ts';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { part, read } from './reading.ts';

const failure = (reading: Promise<unknown>): Promise<GatewayError> =>
  reading.then(
    () => assert.fail('it was read'),
    (error: unknown) => (error instanceof GatewayError ? error : assert.fail(String(error))),
  );

test('a digit that has changed on a disk is not read', async () => {
  const { bytes, sizes } = await part([[recordOf('amount: 1000')], [recordOf('amount: 2000')]], 40);
  bytes[bytes.indexOf('1000')] = 0x39;

  const error = await failure(read(bytes, { from: 40 }));

  assert.equal(
    error.message,
    'The batch of offsets 40 to 40 cannot be read, as its bytes do not have its checksum: continue with offset 41',
  );
  assert.deepEqual([error.name, error.goOn], ['KafkaRefused', { offset: 41 }]);
  assert.equal((await read(bytes.subarray(sizes[0]), { from: 41 })).records[0].value, 'amount: 2000');
});

test('whichever byte changes, nothing else is read for it, and the way on is ahead and within the log', async () => {
  const { bytes, sizes } = await part([[recordOf('first'), recordOf('second')], [recordOf('third')]], 10, 'gzip');
  // The offset and the leader's epoch are the broker's: no checksum holds them.
  const place = fc.integer({ min: layout.CRC, max: sizes[0] - 1 });
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, change, isAlone) => {
      const broken = Buffer.from(isAlone ? bytes.subarray(0, sizes[0]) : bytes);
      broken[at] ^= change;

      const { goOn } = await failure(read(broken, { from: 10, end: 13 }));

      assert.ok(goOn !== null && goOn.offset > 10 && goOn.offset <= 13, JSON.stringify(goOn));
      if (!isAlone) assert.equal(goOn.offset, 12);
    }),
    { numRuns: 300 },
  );
});

test('an offset that no log reaches is not read, though no checksum holds it', async () => {
  const { bytes } = await part([[recordOf('first')], [recordOf('second')]], 10);
  bytes[layout.BASE_OFFSET] = 1;

  const { goOn } = await failure(read(bytes, { from: 10, end: 12 }));

  assert.deepEqual(goOn, { offset: 11 });
});

test('what comes before the batch that has changed is read, and ends there', async () => {
  const { bytes } = await part([[recordOf('good')], [recordOf('bad')]]);
  bytes[bytes.length - 3] ^= 1;

  assert.deepEqual((await read(bytes)).nextOffset, 1);
});
