import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawJson } from '../../../lib/json/raw-json.ts';

test('a number is written with all its digits', () => {
  assert.equal(JSON.stringify([rawJson('9007199254740993.10'), rawJson('-0')]), '[9007199254740993.10,-0]');
});
