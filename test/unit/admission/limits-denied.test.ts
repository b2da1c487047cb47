import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { handler } from '../../../functions/topic-metadata.ts';
import { startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';
import { topicOn } from '../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../routes/gateway.ts';

const dynamodb = await startFakeDynamoDb();
after(() => dynamodb.stop());
const { kafkaHas } = gatewayWith(handler, {
  ...dynamodb.environment,
  GATEWAY_LIMITS: JSON.stringify([{ kind: 'fixed-window', key: 'all', limit: 100, window: 60 }]),
  GATEWAY_LIMITS_ON_FAILURE: 'deny',
});

for (const state of ['failing', 'silent'] as const) {
  test(`where that is configured, requests are refused while DynamoDB is ${state}, and the log says so`, async (t) => {
    kafkaHas({ topics: [topicOn('orders', 1)] }, () => Buffer.alloc(0));
    const lines = captureLog(t);
    dynamodb.state = state;

    const { statusCode, headers, body } = await handler(httpEvent('GET', '/topics/orders/partitions'), lambdaContext());

    assert.deepEqual([statusCode, JSON.parse(body).error_code, headers['retry-after']], [503, 50304, '1']);
    const [line] = lines.filter(({ level }) => level === 'ERROR');
    assert.equal(line.event, 'limits_unavailable');
  });
}
