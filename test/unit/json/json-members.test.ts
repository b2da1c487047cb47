import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonMembers } from '../../../lib/json/json-members.ts';

test('an object gives its members', () => {
  assert.deepEqual(jsonMembers(' {"a": 1, "b": {"c": null}} '), { a: 1, b: { c: null } });
});

for (const text of ['', '{', 'hunter2', '"hunter2"', '1', 'null', 'true']) {
  test(`${JSON.stringify(text)} is none`, () => {
    assert.equal(jsonMembers(text), null);
  });
}
