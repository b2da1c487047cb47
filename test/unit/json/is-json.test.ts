import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isJson } from '../../../lib/json/is-json.ts';
import { jsonText } from '../records/json-text.ts';

test('JSON is found between any other bytes', () => {
  const around = fc.constantFrom('', '0', '1', '"', ']', '}', '.5', 'e1', ' ', ',');

  fc.assert(
    fc.property(around, jsonText, around, (before, { text }, after) => {
      const start = Buffer.byteLength(before);

      assert.equal(isJson(Buffer.from(before + text + after), start, start + Buffer.byteLength(text)), true);
    }),
  );
});

test('JSON that is cut off is none, whatever follows', () => {
  fc.assert(
    fc.property(jsonText, fc.nat(), ({ text }, cut) => {
      const bytes = Buffer.from(text);
      const end = cut % bytes.length;

      assert.equal(isJson(bytes, 0, end), isParsable(bytes.toString('utf8', 0, end)));
    }),
    { numRuns: 1000 },
  );
});

function isParsable(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

for (const text of ['', ' ', 'hello', '{"a":1}}', '1 2', '\0\0\0\0\x01{}', '['.repeat(1000) + ']'.repeat(1000)]) {
  test(`${JSON.stringify(text.slice(0, 20))} is not JSON`, () => {
    assert.equal(isJson(Buffer.from(text), 0, text.length), false);
  });
}

test('a fault of the program is not taken for one of the text', () => {
  const bytes = new Proxy(Buffer.from('1'), {
    get() {
      throw new RangeError('unreadable');
    },
  });

  assert.throws(() => isJson(bytes, 0, 1), { name: 'RangeError' });
});
