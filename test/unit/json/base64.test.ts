import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { base64Length, NOT_BASE64, readBase64, writeBase64 } from '../../../lib/json/base64.ts';
import { JsonScanner } from '../../../lib/json/json-scanner.ts';

/** Null when the string is not base64; the scanner must have passed it in any case. */
function decode(content: string): Buffer | null {
  const json = new JsonScanner(Buffer.from(`"${content}",`));
  const end = readBase64(json);
  assert.equal(json.at, json.end - 1);
  return end === NOT_BASE64 ? null : json.bytes.subarray(1, end);
}

const strict = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
const reference = (text: string) => (strict.test(text) ? Buffer.from(text, 'base64') : null);

test('any bytes come back from their base64, padded or not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (array, padded) => {
      const bytes = Buffer.from(array);
      const text = bytes.toString('base64');

      assert.deepEqual(decode(padded ? text : text.replaceAll('=', '')), bytes);
    }),
  );
});

test('what is base64 is decided as strictly as by the grammar', () => {
  const unit = fc.constantFrom('A', 'b', '7', '/', '+', '=', '=', '-', '_', ' ', 'é', '.');
  const mostlyRight = fc.tuple(
    fc.stringMatching(/^[A-Za-z0-9+/]{0,12}$/),
    fc.string({ unit, maxLength: 4 }),
    fc.stringMatching(/^[A-Za-z0-9+/]{0,9}={0,3}$/),
  );

  fc.assert(
    fc.property(mostlyRight, (parts) => assert.deepEqual(decode(parts.join('')), reference(parts.join('')))),
    { numRuns: 3000 },
  );
});

test('characters may be escaped as JSON allows', () => {
  const escaped = (character: string) => (character === '/' ? '\\/' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), fc.infiniteStream(fc.boolean()), (array, padded, choices) => {
      const bytes = Buffer.from(array);
      const text = bytes
        .toString(padded ? 'base64' : 'base64url')
        .replaceAll('-', '+')
        .replaceAll('_', '/');
      const content = Array.from(text, (character) => (choices.next().value ? escaped(character) : character)).join('');

      assert.deepEqual(decode(content), bytes);
    }),
  );
});

for (const content of [
  'A',
  'AAAAA',
  'AA=',
  'AAA==',
  '====',
  '=',
  'AA==AAAA',
  'AAAA\\n',
  'AA-_',
  'AAAA AAAA',
  'AA\\u003d',
  '\\ud800AAA',
  'AAAAé',
]) {
  test(`${content} is not base64`, () => {
    assert.equal(decode(content), null);
  });
}

test('a string that is no JSON is refused as such', () => {
  assert.throws(() => readBase64(new JsonScanner(Buffer.from('"AAAA'))), {
    name: 'BadRequest',
    message: 'Malformed JSON: expected the closing quote of a string at byte 5, where the text ends',
  });
  assert.throws(() => readBase64(new JsonScanner(Buffer.from('"AA\nA"'))), { name: 'BadRequest' });
});

test('any bytes are written as base64 between other text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (array) => {
      const bytes = Buffer.from(array);
      const out = Buffer.alloc(base64Length(bytes.length) + 2, '.');

      const end = writeBase64(
        Buffer.concat([Buffer.from('x'), bytes, Buffer.from('y')]),
        1,
        1 + bytes.length,
        out,
        new DataView(out.buffer, out.byteOffset, out.length),
        1,
      );

      assert.equal(out.toString('latin1'), `.${bytes.toString('base64')}.`);
      assert.equal(end, out.length - 1);
    }),
  );
});
