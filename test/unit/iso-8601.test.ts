import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIso8601 } from '../../lib/iso-8601.ts';

test('any time is read back from its ISO 8601 form', () => {
  const time = fc.date({ min: new Date('1000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });

  fc.assert(fc.property(time, (date) => assert.equal(parseIso8601(date.toISOString()), date.getTime())));
});

for (const [text, same] of [
  ['2026-02-03', '2026-02-03T00:00:00.000Z'],
  ['2026-02-03T04:05', '2026-02-03T04:05:00.000Z'],
  ['2026-02-03T04:05:06', '2026-02-03T04:05:06.000Z'],
  ['2026-02-03T04:05:06.7891', '2026-02-03T04:05:06.789Z'],
  ['2026-02-03T04:05:06+01:30', '2026-02-03T02:35:06.000Z'],
  ['2026-02-03t04:05:06-0130', '2026-02-03T05:35:06.000Z'],
]) {
  test(`${text} is ${same}`, () => {
    assert.equal(new Date(parseIso8601(text)).toISOString(), same);
  });
}

for (const text of ['', '1700000000000', '2026-02-30', '2026-13-01', '2026-02-03T24:00', '2026-02-03T04:05+24:00', '2026-02-03 04:05']) {
  test(`"${text}" is no time`, () => {
    assert.equal(parseIso8601(text), Number.NaN);
  });
}
