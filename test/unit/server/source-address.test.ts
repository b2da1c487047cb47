import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { letHold } from '../../../lib/config/running.ts';
import { sourceAddressOf } from '../../../lib/server/source-address.ts';

/** The source address of a request over a connection from an address. */
function sourceOf(remoteAddress: string, forwarded?: string): string {
  const request = { socket: { remoteAddress }, headers: { ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) } };
  return sourceAddressOf(Object(request));
}

suite('without trusted proxies', () => {
  beforeEach(() => letHold({}));

  test('a request comes from its connection, whatever its caller writes', () => {
    assert.equal(sourceOf('::ffff:10.0.0.1', '192.0.2.1'), '10.0.0.1');
  });
});

suite('behind trusted proxies', () => {
  beforeEach(() => letHold({ GATEWAY_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,192.0.2.7' }));

  test('a request comes from the last address that is none of theirs', () => {
    assert.equal(sourceOf('10.0.0.1', '198.51.100.9, 203.0.113.5'), '203.0.113.5');
    assert.equal(sourceOf('::ffff:10.0.0.1', '198.51.100.9, 203.0.113.5,192.0.2.7 , 2001:db8::1'), '203.0.113.5');
    assert.equal(sourceOf('2001:db8::2', '2001:470::1'), '2001:470::1');
  });

  test('a request that did not pass a proxy comes from its connection', () => {
    assert.equal(sourceOf('203.0.113.5', '198.51.100.9'), '203.0.113.5');
    assert.equal(sourceOf('2001:470::1', '198.51.100.9'), '2001:470::1');
  });

  test('ports and brackets are left out', () => {
    assert.equal(sourceOf('10.0.0.1', '203.0.113.5:4711'), '203.0.113.5');
    assert.equal(sourceOf('10.0.0.1', '[2001:470::1]:4711'), '2001:470::1');
    assert.equal(sourceOf('10.0.0.1', '[2001:470::1]'), '2001:470::1');
    assert.equal(sourceOf('10.0.0.1', '::ffff:203.0.113.5'), '203.0.113.5');
  });

  test('what is no address is not believed, and nothing before it', () => {
    for (const forwarded of [undefined, '', 'unknown', '203.0.113.5, _hidden', '203.0.113.5, ', '203.0.113.5;']) {
      assert.equal(sourceOf('10.0.0.1', forwarded), '10.0.0.1', forwarded);
    }
    assert.equal(sourceOf('10.0.0.1', 'unknown, 10.0.0.2'), '10.0.0.2');
  });
});
