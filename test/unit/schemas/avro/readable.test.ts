import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesOfDecimal, bytesOfDuration, bytesOfUuid, numberOfTime } from '../../../../lib/schemas/avro/logical.ts';
import { textOfDecimal, textOfDuration, textOfTime, textOfUuid } from '../../../../lib/schemas/avro/readable.ts';
import type { TimeName } from '../../../../lib/schemas/avro/types.ts';

for (const [name, value, text] of [
  ['date', 11016, '2000-02-29'],
  ['date', -719_162, '0001-01-01'],
  ['time-millis', 86_399_999, '23:59:59.999'],
  ['time-micros', 1_000_001, '00:00:01.000001'],
  ['timestamp-millis', 1_709_703_520_123, '2024-03-06T05:38:40.123Z'],
  ['timestamp-micros', -1, '1969-12-31T23:59:59.999999Z'],
  ['timestamp-nanos', 1_767_225_600_123_456_789n, '2026-01-01T00:00:00.123456789Z'],
  ['local-timestamp-millis', 1_709_703_520_123, '2024-03-06T05:38:40.123'],
  ['local-timestamp-micros', 0, '1970-01-01T00:00:00.000000'],
  ['local-timestamp-nanos', -1, '1969-12-31T23:59:59.999999999'],
] as const) {
  test(`the ${name} ${value} is ${text}, and back`, () => {
    assert.equal(textOfTime(value, name), text);
    assert.equal(BigInt(numberOfTime(text, { name })), BigInt(value));
  });
}

test('what is in no year of four digits, or no day, has no text', () => {
  assert.equal(textOfTime(2 ** 31 - 1, 'date'), null);
  assert.equal(textOfTime(-(2n ** 63n), 'timestamp-millis'), null);
  assert.equal(textOfTime(86_400_000, 'time-millis'), null);
  assert.equal(textOfTime(-1, 'time-micros'), null);
});

test('the text of any time is read as that time', () => {
  const names: TimeName[] = [
    ...(['date', 'time-millis', 'time-micros', 'timestamp-millis', 'timestamp-micros', 'timestamp-nanos'] as const),
    ...(['local-timestamp-millis', 'local-timestamp-micros', 'local-timestamp-nanos'] as const),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.nat(60), (name, any, shift) => {
      const value = any >> BigInt(shift);
      const text = textOfTime(value, name);
      if (text !== null) assert.equal(BigInt(numberOfTime(text, { name })), value);
    }),
  );
});

test('the digits of any decimal are read as that decimal', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n) + 1n, max: 10n ** 30n - 1n }), fc.nat(30), (unscaled, scale) => {
      const type = { name: 'decimal', precision: 30, scale } as const;
      const bytes = bytesOfDecimal(String(unscaled), { ...type, precision: 60, scale: 0 }, null);

      assert.deepEqual(bytesOfDecimal(textOfDecimal(bytes, scale), type, null), bytes);
    }),
  );
});

test('decimals keep the zeros that their type has behind the point', () => {
  assert.equal(textOfDecimal(Buffer.from('12d644', 'hex'), 4), '123.4500');
  assert.equal(textOfDecimal(Buffer.from('ff', 'hex'), 2), '-0.01');
  assert.equal(textOfDecimal(Buffer.from('05', 'hex'), 0), '5');
  assert.equal(textOfDecimal(Buffer.alloc(0), 2), '0.00');
  assert.throws(() => textOfDecimal(Buffer.alloc(401), 2), { message: /more than 400 bytes/ });
  for (const scale of [2001, 2 ** 31, 1e300]) {
    assert.throws(() => textOfDecimal(Buffer.from([1]), scale), { message: /more than 2000 digits after the point/ });
  }
});

test('the text of any duration is read as that duration', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (array) => {
      const bytes = Buffer.from(array);
      assert.deepEqual(bytesOfDuration(textOfDuration(bytes)), bytes);
    }),
  );
});

test('a duration may have years, weeks, hours and minutes', () => {
  assert.equal(textOfDuration(bytesOfDuration('P1Y2M1W3DT1H1M1.5S') ?? Buffer.alloc(12)), 'P14M10DT3661.500S');
  assert.equal(textOfDuration(Buffer.alloc(12)), 'PT0S');
  for (const none of ['P', 'PT', 'P1', '1D', 'PT1.2345S', 'P-1D']) assert.equal(bytesOfDuration(none), null);
  assert.throws(() => bytesOfDuration('P4294967296D'), { message: /than have 32 bits/ });
});

test('a UUID of bytes has its dashes', () => {
  const text = '00112233-4455-6677-8899-aabbccddeeff';
  assert.equal(textOfUuid(bytesOfUuid(text) ?? Buffer.alloc(0)), text);
});
