import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initProducerId } from '../../../../lib/kafka/protocol/init-producer-id.ts';
import { initProducerIdAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';

test('the request is the one that kafkajs writes for a producer without transactions', async () => {
  for (let version = initProducerId.versions.min; version <= initProducerId.versions.max; version++) {
    const theirs = await asKafkajsWrites('InitProducerId', version, { transactionalId: null, transactionTimeout: 60_000 });
    assert.deepEqual(asWeWrite(initProducerId, version), theirs);
  }
});

test('the answer is read as kafkajs reads it: ids of 64 bits', async () => {
  const answer = initProducerIdAnswer({ error: 0, id: 2n ** 62n + 1n, epoch: 7 });

  assert.deepEqual(asWeRead(initProducerId, answer), { error: 0, id: 2n ** 62n + 1n, epoch: 7 });
  assert.deepEqual(await asKafkajsReads('InitProducerId', 1, answer), {
    errorCode: 0,
    producerId: String(2n ** 62n + 1n),
    producerEpoch: 7,
    throttleTime: 0,
    clientSideThrottleTime: 0,
  });
});

test('a refusal is read', () => {
  assert.deepEqual(asWeRead(initProducerId, initProducerIdAnswer({ error: 15, id: -1n, epoch: -1 })), { error: 15, id: -1n, epoch: -1 });
});
