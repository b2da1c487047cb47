import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutSequence } from '../../../../lib/records/v3/json-sequence.ts';
import { jsonText } from '../json-text.ts';

const cut = (text: string | Buffer) => {
  const bytes = Buffer.from(text);
  const { texts, fault } = cutSequence(bytes);
  return { texts: texts.map(({ start, end }) => bytes.toString('utf8', start, end)), fault: fault?.message ?? null };
};

/** Two numbers side by side would be one; objects, which records are, need nothing between them. */
const isBounded = (text: string) => /^["[{]/.test(text.trim());

const separator = fc.constantFrom('', ' ', '\n', '\r\n', '\t \n');
const sequence = fc.array(fc.tuple(jsonText, separator), { maxLength: 6 });

test('any JSON texts one after the other are cut apart, with whitespace between them or none', () => {
  fc.assert(
    fc.property(sequence, (parts) => {
      const text = parts.map(([{ text }, space]) => text + (isBounded(text) ? space : `${space} `)).join('');

      assert.deepEqual(cut(text), { texts: parts.map(([one]) => one.text.trim()), fault: null });
    }),
  );
});

test('whatever is malformed ends the sequence; the texts before it stand', () => {
  const malformed = fc.constantFrom('}', '{"a":}', '{"a" 1}', ',{}', 'nul', '{', '"a', '[1,', "{'a':1}", '\u00a0{}', '\x01');

  fc.assert(
    fc.property(sequence, malformed, sequence, (before, bad, behind) => {
      const texts = before.map(([{ text }]) => text.trim());
      const after = behind.map(([{ text }]) => text).join(' ');

      const found = cut(`${texts.join(' ')} ${bad} ${after}`);

      assert.deepEqual(found.texts.slice(0, texts.length), texts);
      assert.match(found.fault ?? '', /^Malformed JSON/);
    }),
  );
});

test('whatever the bytes, the outcome is texts and perhaps a fault of the client', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const { texts, fault } = cutSequence(Buffer.from(bytes));

      for (const { start, end } of texts) JSON.parse(Buffer.from(bytes).toString('utf8', start, end));
      if (fault !== null) assert.equal(fault.name, 'BadRequest');
    }),
  );
});

test('nothing but whitespace is an empty sequence', () => {
  for (const text of ['', ' ', '\r\n\t ']) assert.deepEqual(cut(text), { texts: [], fault: null });
});

test('a fault has its position in the whole sequence', () => {
  assert.deepEqual(cut('{"a":1}\n{"a":x}'), { texts: ['{"a":1}'], fault: 'Malformed JSON: expected a value at byte 13' });
  assert.deepEqual(cut('{"a":1}{"a"'), { texts: ['{"a":1}'], fault: "Malformed JSON: expected ':' at byte 11, where the text ends" });
});

for (const [bytes, texts, at] of [
  ['7b7d20ff', ['{}'], 3],
  ['7b7d7b2261223a22c3227d', ['{}'], 8],
  ['7b7d7b7deabf', ['{}', '{}'], 4],
] as const) {
  test(`of the bytes ${bytes} what is not UTF-8 ends the sequence`, () => {
    assert.deepEqual(cut(Buffer.from(bytes, 'hex')), { texts, fault: `Malformed JSON: not UTF-8 at byte ${at}` });
  });
}
