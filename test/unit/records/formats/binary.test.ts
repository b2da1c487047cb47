import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binary } from '../../../../lib/records/formats/binary.ts';
import { readField, showField } from '../field.ts';

test('base64 is read as the bytes it stands for', () => {
  assert.deepEqual(readField(binary, '"AP8="'), Buffer.from([0, 255]));
  assert.deepEqual(readField(binary, '"AP8"'), Buffer.from([0, 255]));
});

test('null and empty stay apart', () => {
  assert.equal(readField(binary, 'null'), null);
  assert.deepEqual(readField(binary, '""'), Buffer.alloc(0));
});

for (const text of ['5', 'true', '{"a":[1]}', '[]']) {
  test(`${text} is refused with its place`, () => {
    assert.throws(() => readField(binary, text), { name: 'InvalidRecord', message: 'records[3].key must be a base64 string or null' });
  });
}

test('a value of the wrong type that is malformed is refused as malformed', () => {
  assert.throws(() => readField(binary, '{"a":}'), { name: 'BadRequest', message: 'Malformed JSON: expected a value at byte 5' });
});

for (const text of ['"a-_b"', '"AAAA\\n"', '" AAA"', '"A"', '"secret!"']) {
  test(`${text} is refused with its place and without its text`, () => {
    assert.throws(() => readField(binary, text), {
      name: 'BadRequest',
      message: 'records[3].key is not base64: use A-Z, a-z, 0-9, + and / without whitespace, and padding or none',
    });
  });
}

test('any bytes are shown as padded base64', () => {
  assert.equal(showField(binary, Buffer.from([0, 255])), '"AP8="');
  assert.equal(showField(binary, Buffer.alloc(0)), '""');
});
