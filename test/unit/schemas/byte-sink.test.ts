import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteSink } from '../../../lib/schemas/byte-sink.ts';
import { bytesOf } from '../records/bytes-of.ts';

test('fields stay as they are while others are written', () => {
  const lengths = fc.array(fc.nat({ max: 40_000 }), { maxLength: 10 });
  fc.assert(
    fc.property(lengths, (all) => {
      const out = new ByteSink();

      const slices = all.map((length, i) => {
        out.begin();
        for (let at = 0; at < length; at += 1000) out.raw(Buffer.alloc(Math.min(1000, length - at), i));
        return out.finish();
      });

      assert.deepEqual(
        slices.map(bytesOf),
        all.map((length, i) => Buffer.alloc(length, i)),
      );
    }),
    { numRuns: 30 },
  );
});

test('what was begun and not finished is dropped', () => {
  const out = new ByteSink();
  out.text('dropped');

  out.begin();
  out.byte(1);

  assert.deepEqual(bytesOf(out.finish()), Buffer.from([1]));
});

test('a varint is the same from a number and from a bigint', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const [one, other] = [new ByteSink(), new ByteSink()];

      one.varint(value);
      other.bigVarint(BigInt(value));

      assert.deepEqual(bytesOf(one.finish()), bytesOf(other.finish()));
    }),
  );
});

test('text has its length in bytes in front', () => {
  for (const text of ['', 'a', 'ü', 'x'.repeat(63), 'x'.repeat(64), `${'x'.repeat(62)}ü`, '🙂'.repeat(40)]) {
    const out = new ByteSink();
    out.text(text);
    const bytes = bytesOf(out.finish()) ?? Buffer.alloc(0);

    const length = Buffer.byteLength(text);
    const expected = new ByteSink();
    expected.varint(length);
    expected.raw(Buffer.from(text));
    assert.deepEqual(bytes, bytesOf(expected.finish()));
  }
});
