import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodySize } from '../../../lib/http/body-size.ts';

test('the bytes of a body are counted, whether it is text or base64', () => {
  for (const text of ['', 'a', 'ab', 'abc', 'Zoë', '€'.repeat(10)]) {
    const bytes = Buffer.from(text);

    assert.equal(bodySize(text, false), bytes.length);
    assert.equal(bodySize(bytes.toString('base64'), true), bytes.length);
    assert.equal(bodySize(bytes.toString('base64url'), true), bytes.length);
  }
});
