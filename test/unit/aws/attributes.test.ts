import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesIn, number, numberIn, textIn } from '../../../lib/aws/attributes.ts';

const item = { text: { S: 'a' }, count: number(3), bytes: { B: Buffer.of(1) }, empty: { S: '' } };

test('attributes are read by their type', () => {
  assert.deepEqual(
    [textIn(item, 'text'), textIn(item, 'empty'), numberIn(item, 'count'), bytesIn(item, 'bytes')],
    ['a', '', 3, Buffer.of(1)],
  );
});

test('an attribute that is missing, or of another type, is named', () => {
  for (const [read, name] of [
    [textIn, 'count'],
    [textIn, 'other'],
    [numberIn, 'text'],
    [numberIn, 'other'],
    [bytesIn, 'text'],
  ] as const) {
    assert.throws(() => read(item, name), {
      message: `An item in the table is not as it was written: its attribute ${name} is missing or unknown`,
    });
  }
});
