import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { whole } from '../../../lib/kafka/record.ts';
import { ByteSink } from '../../../lib/schemas/byte-sink.ts';
import { readHeader, writeHeader } from '../../../lib/schemas/wire-format.ts';
import { bytesOf } from '../records/bytes-of.ts';

test('a header is a zero and the id, the highest byte first', () => {
  const out = new ByteSink();

  writeHeader(258, out);

  assert.deepEqual(bytesOf(out.finish()), Buffer.from([0, 0, 0, 1, 2]));
});

test('what is written is read', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.uint8Array(), (id, payload) => {
      const out = new ByteSink();
      writeHeader(id, out);
      out.raw(payload);

      const header = readHeader(out.finish());

      assert.equal(header?.id, id);
      assert.deepEqual(Buffer.from(bytesOf(header.payload) ?? []), Buffer.from(payload));
    }),
  );
});

test('other bytes have no header', () => {
  assert.equal(readHeader(whole(Buffer.from([0, 0, 0, 1]))), null);
  assert.equal(readHeader(whole(Buffer.from([1, 0, 0, 0, 1]))), null);
});
