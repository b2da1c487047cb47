import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseUrl } from '../../../lib/http/base-url.ts';

const https = 'https';

for (const [host, scheme, stagePath, expected] of [
  ['abc.execute-api.eu-west-1.amazonaws.com', https, '', 'https://abc.execute-api.eu-west-1.amazonaws.com'],
  ['abc.execute-api.eu-west-1.amazonaws.com', https, '/dev', 'https://abc.execute-api.eu-west-1.amazonaws.com/dev'],
  ['kafka.example.com:8443', https, '', 'https://kafka.example.com:8443'],
  ['127.0.0.1:8082', undefined, '', 'http://127.0.0.1:8082'],
  ['localhost', 'http', '', 'http://localhost'],
  ['[::1]:8082', undefined, '', 'http://[::1]:8082'],
  ['x', 'gopher', '', 'http://x'],
] as const) {
  test(`${scheme} at ${host} on the stage path "${stagePath}" is ${expected}`, () => {
    assert.equal(baseUrl({ host, 'x-forwarded-proto': scheme }, stagePath), expected);
  });
}

for (const host of [
  undefined,
  '',
  'evil.example/path',
  'evil.example?',
  'evil.example#',
  'user@evil.example',
  'a b',
  'a"b',
  'a\\b',
  '.a',
  'a-',
  'a:b',
  'a:123456',
  '[x]',
  'ü.example',
  `${'a'.repeat(300)}`,
]) {
  test(`the host ${JSON.stringify(host)} is none: paths stand by themselves`, () => {
    assert.equal(baseUrl({ host, 'x-forwarded-proto': 'https' }, '/dev'), '/dev');
  });
}
