import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memberTwice } from '../../../../lib/schemas/protobuf/member-twice.ts';

for (const [json, path] of [
  ['{"a":1,"a":2}', '.a'],
  ['{"a":{"b":1,"b":2}}', '.a.b'],
  ['[{"a":1},{"a":1,"c":[{},{"d":"}","d":1}]}]', '[1].c[1].d'],
  ['{"\\u0061":1, "a" : 2}', '.a'],
  ['{"a":[1,2,{"x":1},3],"b":"a","c":"\\"a\\",","d":{"a":1}}', null],
  ['{"a":["b","b"],"b":"b"}', null],
  ['{"__proto__":1,"__proto__":2}', '.__proto__'],
  ['"a"', null],
  ['[]', null],
] as const) {
  test(`${json}: ${path}`, () => assert.equal(memberTwice(json), path));
}
