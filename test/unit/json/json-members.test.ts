import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isObject, jsonMembers, membersOf } from '../../../lib/json/json-members.ts';

test('an object gives its members', () => {
  assert.deepEqual(jsonMembers(' {"a": 1, "b": {"c": null}} '), { a: 1, b: { c: null } });
});

for (const text of ['', '{', 'hunter2', '"hunter2"', '1', 'null', 'true']) {
  test(`${JSON.stringify(text)} is none`, () => {
    assert.equal(jsonMembers(text), null);
  });
}

test('an object is neither null nor an array', () => {
  assert.equal(isObject({}), true);
  for (const other of [null, undefined, [], 'text', 1]) assert.equal(isObject(other), false);
});

test('what is not an object has no members', () => {
  assert.deepEqual(membersOf({ a: 1 }), { a: 1 });
  for (const other of [null, undefined, ['a'], 'text']) assert.deepEqual(membersOf(other), {});
});
