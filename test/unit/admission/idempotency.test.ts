import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../functions/produce.ts';
import { topicOn } from '../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../routes/gateway.ts';

const { kafkaHas, send } = gatewayWith(handler);

test('a key is refused where none are kept, rather than ignored', async (t) => {
  const asked: number[] = [];
  kafkaHas({ topics: [topicOn('orders', 1)] }, ({ key }) => {
    asked.push(key);
    return Buffer.alloc(0);
  });

  const { status, body } = await send(t, 'POST', '/topics/orders', { body: 'value', headers: { 'idempotency-key': 'one' } });

  assert.deepEqual([status, body.error_code], [400, 400]);
  assert.match(body.message, /does not keep Idempotency-Keys: send the request without one/);
  assert.deepEqual(asked, []);
});
