import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api } from '../../../lib/http/api.ts';

test('each route is a method and a path of literals and known parameters', () => {
  for (const key of api)
    assert.match(
      key,
      /^(GET|POST|PUT|PATCH|DELETE) \/((v3|[a-z:.-]+|\{(topics?|partition|cluster|group|instance|broker|config|consumer|subscription|file)\})(\/|$))*$/,
    );
});

test('no route is there twice', () => {
  assert.equal(new Set(api).size, api.length);
});
