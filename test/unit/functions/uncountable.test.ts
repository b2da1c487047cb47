import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../functions/pubsub.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';
import { startBroker } from '../../harness/fake-broker/fake-broker.ts';

test('where limits are misconfigured, not even the credentials of callers get to Kafka', async (t) => {
  const broker = await startBroker(t, () => Buffer.alloc(0));
  t.mock.property(process, 'env', {
    ...process.env,
    KAFKA_BOOTSTRAP_SERVERS: broker.address,
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'PLAIN',
    GATEWAY_AUTH: 'passthrough',
    GATEWAY_LIMITS: '[{"kind":"fixed-window","key":"all","limit":1,"window":1}]',
  });
  const lines = captureLog(t);
  const headers = { authorization: `Basic ${btoa('alice:secret')}`, 'content-type': 'application/json' };

  const { statusCode } = await handler(httpEvent('POST', '/pubsub', { body: '{}', headers }), lambdaContext());

  assert.deepEqual([statusCode, broker.requests], [500, []]);
  assert.match(JSON.stringify(lines), /GATEWAY_LIMITS needs GATEWAY_TABLE/);
});
