import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonScanner } from '../../../../lib/json/json-scanner.ts';
import { Place } from '../../../../lib/json/place.ts';
import { readTimestamp } from '../../../../lib/records/requests/timestamp.ts';

function read(text: string): number {
  const place = new Place();
  place.field = 'timestamp';
  return readTimestamp(new JsonScanner(Buffer.from(text)), place);
}

const time = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });

test('Unix milliseconds are read as they are', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (ms) => assert.equal(read(String(ms)), ms)));
});

test('any time is read back from its ISO 8601 form', () => {
  fc.assert(fc.property(time, (date) => assert.equal(read(JSON.stringify(date)), date.getTime())));
});

test('a zone is taken off', () => {
  fc.assert(
    fc.property(time, fc.integer({ min: -18 * 60, max: 18 * 60 }), fc.constantFrom(':', ''), (date, minutes, colon) => {
      const local = date.getTime() + minutes * 60_000;
      fc.pre(local >= 0 && local < Date.UTC(10_000, 0));
      const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
      const zone = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}${colon}${two(Math.abs(minutes) % 60)}`;

      assert.equal(read(JSON.stringify(new Date(local)).replace('Z', zone)), date.getTime());
    }),
  );
});

for (const [text, expected] of [
  ['2024-02-29', '2024-02-29T00:00:00Z'],
  ['2024-02-29T12:30', '2024-02-29T12:30:00Z'],
  ['2024-02-29T12:30Z', '2024-02-29T12:30:00Z'],
  ['2024-02-29t12:30:15z', '2024-02-29T12:30:15Z'],
  ['2024-02-29T12:30:15.5Z', '2024-02-29T12:30:15.500Z'],
  ['2024-02-29T12:30:15,25Z', '2024-02-29T12:30:15.250Z'],
  ['2024-02-29T12:30:15.123999999Z', '2024-02-29T12:30:15.123Z'],
  ['2024-02-29T12:30:15+02', '2024-02-29T10:30:15Z'],
  ['2024-02-29T12:30:15-0530', '2024-02-29T18:00:15Z'],
  ['2024-02-29T12:30\\u003a15Z', '2024-02-29T12:30:15Z'],
]) {
  test(`${text} is ${expected}`, () => {
    assert.equal(read(`"${text}"`), Date.parse(expected));
  });
}

for (const text of [
  '-1',
  '1.5',
  '1e12',
  'true',
  '{}',
  '9007199254740992',
  '""',
  '"now"',
  '"1700000000000.5"',
  '"2023-02-29T00:00Z"',
  '"2024-13-01"',
  '"2024-00-01"',
  '"0001-01-01"',
  '"2024-01-01T24:00Z"',
  '"2024-01-01T00:60Z"',
  '"2024-01-01T00:00:60Z"',
  '"2024-01-01T00:00+24:00"',
  '"2024-01-01T00:00+00:60"',
  '"1969-12-31T23:59:59Z"',
  '"2024-01-01 00:00Z"',
  '"20240101T000000Z"',
  '"2024-01-01T00:00Z\\n"',
]) {
  test(`${text} is no time`, () => {
    assert.throws(() => read(text), {
      name: 'InvalidRecord',
      message: 'records[0].timestamp must be Unix milliseconds or an ISO 8601 time such as 2025-01-31T12:00:00Z',
    });
  });
}
