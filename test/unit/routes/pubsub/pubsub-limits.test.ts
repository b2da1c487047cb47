import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import { handler } from '../../../../functions/pubsub.ts';
import { startFakeDynamoDb } from '../../../harness/aws/fake-dynamodb.ts';
import { captureLog, httpEvent, lambdaContext } from '../../../harness/events/http-event.ts';
import { listOffsetsAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { joinByStock, type Plain, splitByStock } from '../../../harness/pubsub/stock-runtime.ts';
import { gatewayWith } from '../gateway.ts';

const rules = [
  { kind: 'fixed-window', key: 'header:x-window', limit: 3, window: 86_400 },
  { kind: 'fixed-window', key: 'header:x-records', of: 'records', limit: 5, window: 86_400, operations: ['produce'] },
  { kind: 'concurrency', key: 'header:x-at-once', limit: 1 },
];
const dynamodb = await startFakeDynamoDb();
after(() => dynamodb.stop());
const { kafkaHas } = gatewayWith(handler, { ...dynamodb.environment, GATEWAY_LIMITS: JSON.stringify(rules) });

async function send(t: TestContext, header: string, requests: Plain[]) {
  captureLog(t);
  kafkaHas({ topics: [topicOn('orders', 1)] }, () => listOffsetsAnswer('orders', [{ partition: 0, offset: 7 }]));
  const event = httpEvent('POST', '/pubsub', {
    headers: { 'content-type': 'application/x-protobuf; encoding=delimited', [header]: `caller-of-${t.name}` },
    body: joinByStock(requests).toString('base64'),
    isBase64Encoded: true,
  });
  // Who lacks a header is counted by the address.
  event.requestContext.http.sourceIp = t.name;
  const { statusCode, headers, body } = await handler(event, lambdaContext());
  assert.equal(statusCode, 200, body);
  return { headers, answers: splitByStock(Buffer.from(body, 'base64')) };
}

const list = { cmdKafkaListOffset: { topic: 'orders', timestamp: -1 } };
const errorsOf = (answers: Plain[]) => answers.map(({ errorResp }) => Reflect.get(Object(errorResp), 'code'));

test('each message counts, and those beyond the limit are told when to come again', async (t) => {
  const { answers, headers } = await send(t, 'x-window', [list, { cmdPing: {} }, { cmdEmpty: {} }, list, list, { cmdPing: {} }]);

  assert.deepEqual(errorsOf(answers), [undefined, undefined, 42, undefined, 89, 89]);
  const { message, detail, retryAfterMs } = Object(answers[4].errorResp);
  assert.equal(message, 'failed to list offset, topic: orders, partition: 0, err: THROTTLING_QUOTA_EXCEEDED');
  assert.match(detail, /^The limit is reached, which is 3 requests in 86400 s/);
  assert.ok(retryAfterMs > 0 && retryAfterMs <= 86_400_000 && retryAfterMs % 1000 === 0, `${retryAfterMs}`);
  assert.equal(headers['x-ratelimit-remaining'], '0');
});

test('records count where they are written', async (t) => {
  const { answers } = await send(t, 'x-records', [list, { cmdKafkaProduce: { topic: 'orders', records: Array(6).fill({}) } }]);

  assert.deepEqual(errorsOf(answers), [undefined, 10]);
});

test('messages of one request are not in one another’s way', async (t) => {
  const { answers } = await send(t, 'x-at-once', [list, list, list]);

  assert.deepEqual(errorsOf(answers), [undefined, undefined, undefined]);
});
