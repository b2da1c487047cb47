import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../lib/errors.ts';
import { fieldsOf, splitDelimited } from '../../../../lib/pubsub/protobuf/reader.ts';

const fields = (hex: string) => [...fieldsOf(Buffer.from(hex, 'hex'))];
const malformed = { name: 'BadRequest', message: /^This is not a protobuf message: / };

suite('the fields of a message', () => {
  for (const [what, hex, expected] of [
    ['a varint of one byte', '0801', [{ number: 1, varint: 1n }]],
    ['a varint of 32 bits', '08ffffffff0f', [{ number: 1, varint: 2n ** 32n - 1n }]],
    ['a negative varint, as it is on the wire', '08ffffffffffffffffff01', [{ number: 1, varint: 2n ** 64n - 1n }]],
    ['a varint with bits beyond the 64th', '08ffffffffffffffffff7f', [{ number: 1, varint: 2n ** 64n - 1n }]],
    ['a varint longer than it need be', '08808000', [{ number: 1, varint: 0n }]],
    ['the highest number of a field', 'f8ffffff0f00', [{ number: 2 ** 29 - 1, varint: 0n }]],
    ['bytes', '1202abcd', [{ number: 2, bytes: Buffer.from('abcd', 'hex') }]],
    ['no bytes', '1200', [{ number: 2, bytes: Buffer.alloc(0) }]],
    ['one after fields of fixed width', '0900000000000000000d0000000010ff01', [{ number: 2, varint: 255n }]],
    ['none', '', []],
  ] as const) {
    test(`are ${what}`, () => {
      assert.deepEqual(fields(hex), expected);
    });
  }

  for (const [what, hex] of [
    ['a varint that does not end', '08ff'],
    ['a varint of more than ten bytes', '08ffffffffffffffffffff01'],
    ['fewer bytes than it says', '1203abcd'],
    ['a length that overflows', '12ffffffffffffffff7f'],
    ['half a number of fixed width', '0900'],
    ['a field with the number 0', '0000'],
    ['a field with a number above the highest', '8080808010' + '00'],
    ['a group', '0b0c'],
    ['a type that there is not', '0f'],
  ] as const) {
    test(`are not in ${what}`, () => {
      assert.throws(() => fields(hex), malformed);
    });
  }

  test('are read, or refused, of whatever bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          for (const field of fieldsOf(Buffer.from(bytes))) assert.ok(field.number > 0);
        } catch (error) {
          assert.ok(error instanceof GatewayError && error.name === 'BadRequest', String(error));
        }
      }),
    );
  });
});

suite('a stream of messages', () => {
  test('is cut at their lengths', () => {
    assert.deepEqual(
      splitDelimited(Buffer.from('02abcd0001ef', 'hex'), 3),
      ['abcd', '', 'ef'].map((hex) => Buffer.from(hex, 'hex')),
    );
    assert.deepEqual(splitDelimited(Buffer.alloc(0), 3), []);
  });

  test('is refused when it ends within one', () => {
    for (const hex of ['02ab', '80']) assert.throws(() => splitDelimited(Buffer.from(hex, 'hex'), 3), malformed);
  });

  test('is refused when there are too many', () => {
    const refused = { name: 'TooLarge', message: 'The request has more than 3 messages: send at most 3 in one request' };

    assert.throws(() => splitDelimited(Buffer.alloc(4), 3), refused);
  });
});
