import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pack, unpack } from '../../../lib/idempotency/packed-answer.ts';

test('an answer is unpacked as it was', async () => {
  const text = fc.string({ unit: 'grapheme' });
  const answers = fc.record({ status: fc.integer({ min: 100, max: 599 }), mediaType: text, body: text }, { noNullPrototype: true });

  await fc.assert(fc.asyncProperty(answers, async (answer) => assert.deepEqual(await unpack(await pack(answer)), answer)));
});

test('the answer to ten thousand records takes less than a tenth of its size', async () => {
  const results = Array.from(
    { length: 10_000 },
    (_, i) => `{"partition":${i % 6},"offset":${40_000 + i},"timestamp":1767225600000,"error_code":null}`,
  );
  const body = `{"offsets":[${results}]}`;

  const packed = await pack({ status: 200, mediaType: 'application/vnd.kafka.v2+json', body });

  assert.ok(packed.length < body.length / 10, `${packed.length} of ${body.length} bytes`);
});

test('bytes that are no packed answer are refused', async () => {
  await assert.rejects(unpack(Buffer.from('{}')), { code: 'Z_DATA_ERROR' });
});
