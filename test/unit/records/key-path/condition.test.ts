import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whole } from '../../../../lib/kafka/record.ts';
import { meets } from '../../../../lib/records/key-path/condition.ts';
import { parseQuery } from '../../../../lib/records/key-path/query.ts';

/** Values that JSON can have, and none. */
const values = ['1', '0', '-2.50', '"abc"', '"é"', '"1"', '"0"', '"True"', '"F"', '""', 'true', 'false', 'null', '{"a":1}', '[]', null];

/** Those of the values that meet a condition. */
const meeting = (condition: string) =>
  values.filter((text) => meets(text === null ? null : whole(Buffer.from(text)), parseQuery(`x${condition})`, 0).condition));

for (const [condition, expected] of [
  ['', ['1', '0', '-2.50', '"abc"', '"é"', '"1"', '"0"', '"True"', '"F"', '""', 'true', 'false', 'null', '{"a":1}', '[]']],
  ['==1', ['1', '"1"']],
  ['==-2.5', ['-2.50']],
  ['=="abc"', ['"abc"']],
  ['==abc', ['"abc"']],
  ['=="\\u00e9"', ['"é"']],
  ['==true', ['true']],
  ['==null', []],
  ['!=1', ['0', '-2.50', '"abc"', '"é"', '"0"', '"True"', '"F"', '""', 'true', 'false']],
  ['!=true', ['1', '0', '-2.50', '"abc"', '"é"', '"1"', '"0"', '"True"', '"F"', '""', 'false']],
  ['<1', ['0', '-2.50', '"0"', '""']],
  ['<=1', ['1', '0', '-2.50', '"1"', '"0"', '""']],
  ['>0', ['1', '"abc"', '"é"', '"1"', '"True"', '"F"']],
  ['>=0', ['1', '0', '"abc"', '"é"', '"1"', '"0"', '"True"', '"F"']],
  ['>"a"', ['"abc"', '"é"']],
  ['<true', ['"abc"', '"1"', '"0"', '"True"', '"F"', '""', 'false']],
  ['>=false', ['"é"', 'true', 'false']],
  ['%"*b*"', ['"abc"']],
  ['%"?"', ['"é"', '"1"', '"0"', '"F"']],
  ['!%"?*"', ['""']],
  ['==~true', ['1', '-2.50', '"1"', '"True"', 'true']],
  ['==~false', ['0', '"0"', '"F"', 'false', 'null', null]],
  ['!=~true', ['0', '"abc"', '"é"', '"0"', '"F"', '""', 'false', 'null', '{"a":1}', '[]', null]],
  ['==~null', ['null', null]],
  ['!=~*', [null]],
] as const) {
  test(`x${condition}`, () => {
    assert.deepEqual(meeting(condition), expected);
  });
}

test('strings compare by their bytes', () => {
  const less = parseQuery('x<"\u{1f600}")', 0).condition;

  assert.ok(meets(whole(Buffer.from('"\uffee"')), less));
});
