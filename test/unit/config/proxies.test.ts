import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProxies } from '../../../lib/config/proxies.ts';
import { problemsOf } from './problems.ts';

test('no proxy is trusted unless GATEWAY_TRUSTED_PROXIES says so', () => {
  assert.deepEqual([readProxies({}).isProxy, readProxies({ GATEWAY_TRUSTED_PROXIES: ' ' }).isProxy], [null, null]);
});

test('addresses and networks are trusted, and no others', () => {
  const { isProxy } = readProxies({ GATEWAY_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7 ,2001:db8::/32' });

  const trusted = ['10.255.0.1', '192.0.2.7', '2001:db8::1', '11.0.0.1', '192.0.2.8', '2001:470::1', '', 'unknown'].filter((one) =>
    isProxy?.(one),
  );

  assert.deepEqual(trusted, ['10.255.0.1', '192.0.2.7', '2001:db8::1']);
});

test('what is no address or network is a problem', () => {
  for (const GATEWAY_TRUSTED_PROXIES of [
    'proxy.internal',
    '10.0.0.0/33',
    '2001:db8::/129',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '10.0.0.1:80',
    '*',
  ]) {
    assert.match(
      problemsOf(readProxies, { GATEWAY_TRUSTED_PROXIES }),
      /GATEWAY_TRUSTED_PROXIES must be addresses or networks/,
      GATEWAY_TRUSTED_PROXIES,
    );
  }
});
