import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { whole } from '../../../../lib/kafka/record.ts';
import { ArrayText } from '../../../../lib/records/key-path/array-text.ts';
import { textOf } from '../bytes-of.ts';

test('values become an array, few and many, short and long', () => {
  const values = fc.array(fc.oneof(fc.jsonValue(), fc.string({ maxLength: 300 })), { maxLength: 50 });

  fc.assert(
    fc.property(values, (all) => {
      const array = new ArrayText();

      for (const value of all) array.add(whole(Buffer.from(JSON.stringify(value))));

      assert.equal(textOf(array.done()), JSON.stringify(all));
    }),
  );
});

test('a value is taken from the midst of others', () => {
  const array = new ArrayText();

  array.add({ bytes: Buffer.from('[1,23,4]'), start: 3, end: 5 });

  assert.equal(textOf(array.done()), '[23]');
});
