import assert from 'node:assert/strict';
import { test } from 'node:test';
import { membersOf } from '../../../../lib/console/page/exact-json.ts';
import { asCsv, asNdjson } from '../../../../lib/console/page/exports.ts';

const LINES = [
  '{"partition":0,"offset":1,"timestamp":5,"key":"a,\\"b\\"","value":{"total":9007199254740993.10},"headers":[]}',
  '{"partition":0,"offset":2,"timestamp":6,"key":"=HYPERLINK(1)","value":null,"headers":[]}',
  '{"partition":0,"offset":3,"timestamp":7,"key":"-1\\n","value":"-x","headers":[]}',
];
const records = LINES.map(membersOf);

test('lines have every digit and member as it came', () => {
  assert.equal(asNdjson(records), `${LINES.join('\n')}\n`);
});

test('cells are quoted, and none is a formula', () => {
  assert.deepEqual(asCsv(records).split('\r\n'), [
    '"partition","offset","timestamp","key","value","headers"',
    '"0","1","5","a,""b""","{""total"":9007199254740993.10}","[]"',
    '"0","2","6","\'=HYPERLINK(1)","","[]"',
    '"0","3","7","\'-1\n","\'-x","[]"',
    '',
  ]);
});

test('a cell that only begins like a number is no formula, and a number stays one', () => {
  const cellOf = (value: string) =>
    asCsv([new Map([['value', JSON.stringify(value)]])])
      .split('\r\n')[1]
      .split(',')[4];

  for (const formula of ["-2+3+cmd|' /C calc'!A0", '-1-1', '-1e', '-1(2)', '\n=1', '\uff1d1', '\uff0b1', '\uff0d1', '\uff201']) {
    assert.equal(cellOf(formula), `"'${formula}"`);
  }
  for (const number of ['-1', '-21.50', '-1e-7', '-0.1E+10', '1-1']) assert.equal(cellOf(number), `"${number}"`);
});
