import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfDecimal, bytesOfUuid, numberOfTime } from '../../../../lib/schemas/avro/logical.ts';
import { DigitsLost, ExactNumber } from '../../../../lib/schemas/exact-numbers.ts';

for (const [name, text, number] of [
  ['date', '1970-01-01', 0],
  ['date', '2000-02-29', 11016],
  ['date', '1969-12-31', -1],
  ['time-millis', '00:00', 0],
  ['time-millis', '23:59:59.999', 86_399_999],
  ['time-micros', '00:00:01.000001', 1_000_001],
  ['timestamp-millis', '1970-01-01T01:00:00+01:00', 0],
  ['timestamp-micros', '1969-12-31T23:59:59.999999Z', -1],
  ['time-millis', '00:00:00.001000000', 1],
  ['timestamp-millis', '1970-01-01T00:00:00.001000Z', 1],
  ['timestamp-nanos', '2026-01-01T00:00:00.123456789Z', 1_767_225_600_123_456_789n],
] as const) {
  test(`the ${name} ${text} is ${number}`, () => {
    assert.equal(numberOfTime(text, { name }), number);
  });
}

for (const [name, text] of [
  ['date', '2001-02-29'],
  ['date', '2001-02-28T00:00Z'],
  ['time-millis', '24:00'],
  ['time-micros', '1:2'],
  ['timestamp-millis', 'now'],
] as const) {
  test(`${text} is no ${name}`, () => {
    assert.throws(() => numberOfTime(text, { name }), { message: `is no ${name}` });
  });
}

for (const [name, text, digits] of [
  ['time-millis', '00:00:00.0001', 3],
  ['time-micros', '00:00:00.0000001', 6],
  ['timestamp-millis', '2024-03-06T05:38:40.123456Z', 3],
  ['local-timestamp-millis', '2024-03-06T05:38:40.1234', 3],
  ['timestamp-micros', '2024-03-06T05:38:40.1234567+01:00', 6],
  ['timestamp-nanos', '2024-03-06T05:38:40.1234567891Z', 9],
] as const) {
  test(`${text} has more digits than ${name} holds`, () => {
    assert.throws(() => numberOfTime(text, { name }), {
      message: `has more than ${digits} digits of a second, which ${name} does not hold`,
    });
  });
}

const decimal = { name: 'decimal', precision: 6, scale: 2 } as const;
for (const [value, hex] of [
  [0, '00'],
  [1.27, '7f'],
  [1.28, '0080'],
  [-1.28, '80'],
  [-1.29, 'ff7f'],
  [1e2, '2710'],
  [new ExactNumber('1.2800000000000000'), '0080'],
  [new ExactNumber('0e999999999'), '00'],
] as const) {
  test(`the decimal ${value instanceof ExactNumber ? value.text : value} is ${hex}`, () => {
    assert.equal(bytesOfDecimal(value, decimal, null).toString('hex'), hex);
  });
}

test('a decimal with digits too many, or perhaps lost, is none', () => {
  assert.throws(() => bytesOfDecimal(10_000, decimal, null), { message: /more than 6 digits/ });
  assert.throws(() => bytesOfDecimal(0.001, decimal, null), { message: /more than 2 of them after the point/ });
  assert.throws(() => bytesOfDecimal(0.1 + 0.2, decimal, null), DigitsLost);
});

test('a UUID has 36 characters', () => {
  assert.equal(bytesOfUuid('00000000-0000-0000-0000-0000000000ff')?.at(-1), 255);
  assert.equal(bytesOfUuid('0000000000000000'), null);
});
