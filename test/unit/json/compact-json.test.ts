import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compactJson } from '../../../lib/json/compact-json.ts';
import { jsonText } from '../records/json-text.ts';

test('whitespace between tokens goes, all else stays as it was written', () => {
  fc.assert(
    fc.property(jsonText, ({ text, compact }) => {
      const bytes = Buffer.from(text);

      const end = compactJson(bytes, 0, bytes.length);

      assert.equal(bytes.toString('utf8', 0, end), compact);
      assert.deepEqual(JSON.parse(compact), JSON.parse(text));
    }),
    { numRuns: 1000 },
  );
});

test('bytes outside of the text are left alone', () => {
  const bytes = Buffer.from(' x[1, 2] y ');

  const end = compactJson(bytes, 2, 8);

  assert.equal(bytes.toString('latin1', 2, end), '[1,2]');
  assert.equal(bytes.toString('latin1', 0, 2), ' x');
  assert.equal(bytes.toString('latin1', 8), ' y ');
});
