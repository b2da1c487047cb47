import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonScanner, MAX_DEPTH, scanText } from '../../../lib/json/json-scanner.ts';
import { jsonText } from '../records/json-text.ts';

function scan(text: string | Buffer): JsonScanner {
  const json = scanText(Buffer.from(text));
  json.value();
  json.finish();
  return json;
}

const refusal = (text: string | Buffer, message: string) => assert.throws(() => scan(text), { name: 'BadRequest', message });

test('any JSON is passed as a whole', () => {
  fc.assert(fc.property(jsonText, ({ text }) => assert.equal(scan(text).at, Buffer.byteLength(text))));
});

test('a value is passed up to its end, and whitespace before it is counted', () => {
  const json = new JsonScanner(Buffer.from(' \n[1, 2] ,'));

  json.value();

  assert.equal(json.at, 8);
  assert.equal(json.spaces, 3);
});

test('escapes are counted', () => {
  assert.equal(scan(String.raw`["\n","\u00e9",{"\\":"a"}]`).escapes, 3);
});

test('JSON.parse and the scanner agree on texts with a fault or without', () => {
  const fault = fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 2 }),
    insert: fc.constantFrom('', '"', '\\', ',', ':', '{', ']', '-', '.', 'e', '0', 'u', ' ', '\n', '\0', 'tru'),
  });

  fc.assert(
    fc.property(jsonText, fc.array(fault, { maxLength: 3 }), ({ text }, faults) => {
      let faulty = text;
      for (const { at, remove, insert } of faults) {
        const from = at % (faulty.length + 1);
        faulty = (faulty.slice(0, from) + insert + faulty.slice(from + remove)).toWellFormed();
      }

      assert.equal(
        passes(() => scan(faulty)),
        passes(() => JSON.parse(faulty)),
        JSON.stringify(faulty),
      );
    }),
    { numRuns: 3000 },
  );
});

function passes(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

for (const [text, message] of [
  ['', 'expected a value at byte 0, where the text ends'],
  ['  ', 'expected a value at byte 2, where the text ends'],
  ['[1,]', 'expected a value at byte 3'],
  ['[1 2]', "expected ',' or ']' at byte 3"],
  ['{"a":1', "expected ',' or '}' at byte 6, where the text ends"],
  ['{a:1}', 'expected a member name in quotes at byte 1'],
  ['{"a" 1}', "expected ':' at byte 5"],
  ['"abc', 'expected the closing quote of a string at byte 4, where the text ends'],
  ['"a\nb"', 'expected a control character to be escaped at byte 2'],
  [String.raw`"a\x"`, 'expected an escape sequence at byte 3'],
  [String.raw`"\u12g4"`, 'expected four hex digits at byte 5'],
  [String.raw`"\u12`, 'expected four hex digits at byte 5, where the text ends'],
  ['"\\', 'expected an escape sequence at byte 2, where the text ends'],
  ['-', 'expected a digit at byte 1, where the text ends'],
  ['1.', 'expected a digit at byte 2, where the text ends'],
  ['1e+', 'expected a digit at byte 3, where the text ends'],
  ['[1.x]', 'expected a digit at byte 3'],
  ['01', 'expected nothing more at byte 1'],
  ['1 1', 'expected nothing more at byte 2'],
  ['nul', 'expected null at byte 3, where the text ends'],
  ['[trux]', 'expected true at byte 4'],
  [' \ufeff1', 'expected a value at byte 1'],
  ['\ufeff\ufeff1', 'expected a value at byte 3'],
  ['\u00a01', 'expected a value at byte 0'],
]) {
  test(`${JSON.stringify(text)} is refused with its position`, () => {
    refusal(text, `Malformed JSON: ${message}`);
  });
}

for (const [bytes, at] of [
  [[0x22, 0x61, 0xff, 0x22], 2],
  [[0x22, 0xc3, 0x22], 1],
  [[0x22, 0xef, 0xbf, 0x22], 1],
  [[0x22, 0x61, 0xef, 0xbf], 2],
  [[0x22, 0xf0, 0x9f, 0x98], 1],
  [[0x22, 0xed, 0xa0, 0x80, 0x22], 1],
  [[0x22, 0xef, 0xbf, 0xbd, 0xfe, 0x22], 4],
] as const) {
  test(`bytes ${Buffer.from(bytes).toString('hex')} are refused as not UTF-8`, () => {
    refusal(Buffer.from(bytes), `Malformed JSON: not UTF-8 at byte ${at}`);
  });
}

test(`containers may stand ${MAX_DEPTH} deep in each other, and no deeper`, () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  scan(nested(MAX_DEPTH));
  refusal(nested(MAX_DEPTH + 1), `Malformed JSON: nested deeper than ${MAX_DEPTH} levels at byte ${MAX_DEPTH}`);
  refusal('{"a":'.repeat(100_000), `Malformed JSON: nested deeper than ${MAX_DEPTH} levels at byte ${5 * MAX_DEPTH}`);
  scan(`[${'[[]],'.repeat(1000)}0]`);
});

test('null is passed where it stands, and nothing where it does not', () => {
  const json = new JsonScanner(Buffer.from('[null,1]'));
  json.enter(0x5d);

  assert.equal(json.null(), true);
  assert.equal(json.more(0x5d), true);
  assert.equal(json.null(), false);
  assert.equal(json.at, 6);
});
