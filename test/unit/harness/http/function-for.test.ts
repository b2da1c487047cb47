import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows } from '../../../../infra/functions.ts';
import { functionFor } from '../../../harness/http/function-for.ts';

for (const [name, { routes }] of rows) {
  for (const route of routes) {
    test(`${route}, with a trailing slash or without, is for ${name}`, () => {
      const [method = '', pattern = ''] = route.split(' ');
      const path = pattern.replaceAll(/\{\w+\}/g, 'x');

      assert.deepEqual([functionFor(method, path), functionFor(method, `${path.replace(/\/$/, '')}/`)], [name, name]);
    });
  }
}

for (const [method, path, name] of [
  ['PUT', '/groups/with/slashes/offsets', 'consumer-groups'],
  ['POST', '/v3/clusters/x/topics/x/unknown', 'produce'],
  ['GET', '/v3/clusters/x/unknown', 'topic-metadata'],
  ['GET', '/unknown', 'topic-metadata'],
  ['PATCH', '/topics/x', 'topic-metadata'],
] as const) {
  test(`${method} ${path} is for ${name}`, () => {
    assert.equal(functionFor(method, path), name);
  });
}
