import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import Callers from '../../../../infra/plugins/callers.ts';

suite('no command goes on', () => {
  for (const [what, environment, problem] of [
    ['with an unknown mode', { GATEWAY_AUTH: 'open' }, /^Error: GATEWAY_AUTH must be/],
    ['with modes that exclude each other', { GATEWAY_AUTH: 'iam,jwt' }, /^Error: GATEWAY_AUTH: iam excludes/],
    ['with grants that are none', { GATEWAY_GRANTS: '[1]' }, /^Error: GATEWAY_GRANTS: \[0\] must be an object/],
    ['with a time that is none', { GATEWAY_AUTH_CACHE_SECONDS: 'long' }, /^Error: GATEWAY_AUTH_CACHE_SECONDS must be/],
  ] as const) {
    test(what, (t) => {
      t.mock.property(process, 'env', environment);

      assert.throws(() => new Callers().hooks.initialize(), problem);
    });
  }
});

test('commands go on with callers that can be known', (t) => {
  t.mock.property(process, 'env', { GATEWAY_AUTH: 'jwt,basic', GATEWAY_AUTH_CACHE_SECONDS: '7', GATEWAY_GRANTS: '[]' });

  new Callers().hooks.initialize();
});
