import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTime } from '../../../lib/http/time.ts';

const when = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });

test('Unix milliseconds are read as they are', () => {
  assert.equal(parseTime('0'), 0);
  assert.equal(parseTime('1700000000123'), 1700000000123);
});

test('every time is read back from its ISO 8601 form', () => {
  fc.assert(fc.property(when, (date) => parseTime(date.toISOString()) === date.getTime()));
});

test('a zone is taken off', () => {
  fc.assert(
    fc.property(when, fc.integer({ min: -14 * 60, max: 14 * 60 }), fc.constantFrom(':', ''), (date, offset, colon) => {
      const local = date.getTime() + offset * 60_000;
      fc.pre(local >= 0 && local < Date.UTC(10_000, 0));
      const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
      const zone = `${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}${colon}${two(Math.abs(offset) % 60)}`;

      assert.equal(parseTime(new Date(local).toISOString().replace('Z', zone)), date.getTime());
    }),
  );
});

for (const [text, expected] of [
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2024-02-29T12:30', '2024-02-29T12:30:00.000Z'],
  ['2024-02-29T12:30Z', '2024-02-29T12:30:00.000Z'],
  ['2024-02-29t12:30:15z', '2024-02-29T12:30:15.000Z'],
  ['2024-02-29T12:30:15.5Z', '2024-02-29T12:30:15.500Z'],
  ['2024-02-29T12:30:15,25Z', '2024-02-29T12:30:15.250Z'],
  ['2024-02-29T12:30:15.123999999Z', '2024-02-29T12:30:15.123Z'],
  ['2024-02-29T12:30:15+02', '2024-02-29T10:30:15.000Z'],
  ['2024-02-29T12:30:15-0530', '2024-02-29T18:00:15.000Z'],
]) {
  test(`${text} is ${expected}`, () => {
    assert.equal(parseTime(text), Date.parse(expected));
  });
}

test('a plus sign that became a space is still one', () => {
  assert.equal(parseTime('2024-02-29T12:30:15 02:00'), Date.parse('2024-02-29T10:30:15Z'));
});

for (const text of [
  '',
  '-1',
  '1.5',
  '1e12',
  'now',
  '2024-2-1',
  '2023-02-29',
  '2024-02-30',
  '2024-13-01',
  '2024-00-10',
  '2024-01-00',
  '2024-01-01T24:00Z',
  '2024-01-01T12:60Z',
  '2024-01-01T12:00:60Z',
  '2024-01-01T12:00+25:00',
  '2024-01-01T12:00+02:75',
  '1969-12-31T23:59:59Z',
  '0001-01-01',
  '20240101T120000Z',
  '2024-01-01 12:00Z',
  '99999999999999999',
  '9999999999999999',
  '2024-01-01T12:00Z\n',
]) {
  test(`${JSON.stringify(text)} is no time`, () => {
    assert.equal(parseTime(text), undefined);
  });
}

test('whatever the text, the outcome is undefined or a time', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/));

  fc.assert(
    fc.property(text, (given) => {
      const time = parseTime(given);
      return time === undefined || (Number.isSafeInteger(time) && time >= 0);
    }),
  );
});
