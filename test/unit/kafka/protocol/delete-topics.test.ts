import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteTopics } from '../../../../lib/kafka/protocol/delete-topics.ts';
import { deleteTopicsAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';

test('the request is the one that kafkajs writes', async () => {
  assert.deepEqual(
    asWeWrite(deleteTopics('orders', 9000)),
    await asKafkajsWrites('DeleteTopics', 1, { topics: ['orders'], timeout: 9000 }),
  );
});

test('the answer is read as kafkajs reads it', async () => {
  const answer = deleteTopicsAnswer('orders', 0);

  assert.deepEqual(asWeRead(deleteTopics('orders', 9000), answer), { error: 0, message: null });
  assert.deepEqual(await asKafkajsReads('DeleteTopics', 1, answer), {
    throttleTime: 0,
    clientSideThrottleTime: 0,
    topicErrors: [{ topic: 'orders', errorCode: 0 }],
  });
});

test('a refusal is read; an answer without the topic is no success', () => {
  assert.deepEqual(asWeRead(deleteTopics('orders', 9000), deleteTopicsAnswer('orders', 73)), { error: 73, message: null });
  assert.deepEqual(asWeRead(deleteTopics('orders', 9000), Buffer.alloc(8)), { error: -1, message: null });
});
