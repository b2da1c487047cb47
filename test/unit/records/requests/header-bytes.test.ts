import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerBytes } from '../../../../lib/records/requests/header-bytes.ts';

for (const text of ['', 'plain', 'Zürich', 'Łódź-ключ', '🙂', 'ÿ']) {
  test(`"${text}" is the same whether the server hands over bytes or text`, () => {
    const asBytes = Buffer.from(text).toString('latin1');

    assert.deepEqual([headerBytes(asBytes), headerBytes(text)].map(String), [text, text]);
  });
}

test('bytes that are no UTF-8 are text of ISO 8859-1', () => {
  assert.equal(headerBytes('Z\xfcrich').toString(), 'Zürich');
});
