import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';

configure('127.0.0.1:9', { GATEWAY_AUTH: 'passthrough', KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'PLAIN' });

test('with callers’ own credentials, which only Kafka can judge, it says what it knows, and repeats no password', async () => {
  const authorization = `Basic ${Buffer.from('ann:s3cret-word').toString('base64')}`;

  const { status, json, text } = await call<{ grants: unknown }>('GET', '/whoami', { headers: { authorization } });

  assert.deepEqual([status, json.grants], [200, null]);
  assert.doesNotMatch(text, /s3cret/);
});
