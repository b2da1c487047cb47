import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import Callers from '../../../../infra/plugins/callers.ts';

const plugin = (warnings: string[] = []) => new Callers({}, {}, { log: { warning: (text) => void warnings.push(text) } });

suite('no command goes on', () => {
  for (const [what, environment, problem] of [
    ['with an unknown mode', { GATEWAY_AUTH: 'open' }, /^Error: GATEWAY_AUTH must be/],
    ['with modes that exclude each other', { GATEWAY_AUTH: 'iam,jwt' }, /^Error: GATEWAY_AUTH: iam excludes/],
    ['with grants that are none', { GATEWAY_GRANTS: '[1]' }, /^Error: GATEWAY_GRANTS: \[0\] must be an object/],
    ['with a time that API Gateway does not take', { GATEWAY_AUTH_CACHE_SECONDS: '3601' }, /^Error: .* from 0 to 3600$/],
    ['with a time that is none', { GATEWAY_AUTH_CACHE_SECONDS: 'long' }, /^Error: GATEWAY_AUTH_CACHE_SECONDS must be/],
  ] as const) {
    test(what, (t) => {
      t.mock.property(process, 'env', environment);

      assert.throws(() => plugin().hooks.initialize(), problem);
    });
  }
});

test('commands go on with callers that can be known', (t) => {
  t.mock.property(process, 'env', { GATEWAY_AUTH: 'jwt,basic', GATEWAY_AUTH_CACHE_SECONDS: '7', GATEWAY_GRANTS: '[]' });

  plugin().hooks.initialize();
});

suite('grants that leave it open by which mode a caller must be known', () => {
  const grants = [{ principal: '*' }, { principal: 'alice' }, { principal: 'alice', mode: 'basic' }];
  const GATEWAY_GRANTS = JSON.stringify(grants.map((grant) => ({ ...grant, operations: ['read'], topics: ['orders'] })));
  const warningsFor = (t: TestContext, GATEWAY_AUTH: string) => {
    const warnings: string[] = [];
    t.mock.property(process, 'env', { GATEWAY_AUTH, GATEWAY_GRANTS });
    plugin(warnings).hooks.initialize();
    return warnings;
  };

  test('are warned of', (t) => {
    const [warning, ...others] = warningsFor(t, 'jwt,basic');

    assert.match(warning, /^GATEWAY_GRANTS: \[1\] should name the "mode"/);
    assert.deepEqual(others, []);
  });

  test('are clear where there is one mode', (t) => {
    assert.deepEqual(warningsFor(t, 'basic'), []);
  });
});
