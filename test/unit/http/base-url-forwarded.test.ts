import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forwardedBaseUrl } from '../../../lib/http/base-url.ts';

const base = 'http://10.0.0.1:8082/dev';

for (const [what, headers, expected] of [
  ['no proxy', {}, base],
  ['Forwarded', { forwarded: 'for=10.1.1.1; host="kafka.example.com:8443"; Proto=HTTPS' }, 'https://kafka.example.com:8443/dev'],
  ['Forwarded of several proxies', { forwarded: 'host=first.example;proto=https, host=second.example' }, 'https://first.example/dev'],
  ['a host alone', { 'x-forwarded-host': 'a.example, b.example' }, 'http://a.example/dev'],
  ['host and scheme', { 'x-forwarded-host': 'a.example', 'x-forwarded-proto': 'https,http' }, 'https://a.example/dev'],
  ['both kinds', { forwarded: 'host=a.example', 'x-forwarded-host': 'b.example', 'x-forwarded-proto': 'https' }, 'https://a.example/dev'],
  ['a prefix', { 'x-forwarded-host': 'a.example', 'x-forwarded-prefix': '/kafka/v2' }, 'http://a.example/kafka/v2/dev'],
  ['a prefix that is no path', { 'x-forwarded-host': 'a.example', 'x-forwarded-prefix': '//evil?' }, 'http://a.example/dev'],
  ['the whole path', { 'x-forwarded-host': 'a.example', 'x-forwarded-path': '/kafka/consumers/g' }, 'http://a.example/kafka'],
  ['the path of something else', { 'x-forwarded-host': 'a.example', 'x-forwarded-path': '/kafka' }, 'http://a.example/dev'],
  ['another scheme', { forwarded: 'host=a.example;proto=javascript' }, 'http://a.example/dev'],
  ['a scheme without a host', { forwarded: 'proto=https' }, base],
  ['a host that is none', { forwarded: 'host="evil.example/path"' }, base],
] as const) {
  test(`with ${what}, instances are at ${expected}`, () => {
    assert.equal(forwardedBaseUrl(headers, base, '/consumers/g'), expected);
  });
}

test('where the address is a path by itself, it is one behind the proxy', () => {
  assert.equal(forwardedBaseUrl({ forwarded: 'host=a.example' }, '/dev', '/consumers/g'), 'http://a.example/dev');
});
