import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openToAll } from '../../../../infra/serve/open-to-all.ts';

for (const host of ['0.0.0.0', '::', '10.0.0.7', 'fd00::7', 'gateway.internal', '128.0.0.1']) {
  test(`a gateway without callers at ${host} is warned of`, () => {
    assert.match(openToAll('none', host) ?? '', new RegExp(`^GATEWAY_AUTH=none at ${host}: anyone who can reach this machine`));
  });
}

for (const host of ['127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', 'localhost']) {
  test(`a gateway without callers at ${host} is for this machine alone`, () => {
    assert.equal(openToAll('none', host), null);
  });
}

test('a gateway that asks its callers who they are is not warned of', () => {
  assert.equal(openToAll('basic', '0.0.0.0'), null);
});
