import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapedLength } from '../../../lib/json/escaped-length.ts';
import { anyText } from '../records/text-arbitrary.ts';

test('the length is that of the string JSON.stringify makes, without its quotes', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const bytes = Buffer.from(`"${text}"`);

      assert.equal(escapedLength(bytes, 1, bytes.length - 1), Buffer.byteLength(JSON.stringify(text)) - 2);
    }),
  );
});
