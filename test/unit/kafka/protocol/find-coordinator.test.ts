import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCoordinator } from '../../../../lib/kafka/protocol/find-coordinator.ts';
import { findCoordinatorAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';

/** kafkajs has another name for it. */
const NAME = 'GroupCoordinator';

test('the request is the one that kafkajs writes for a group', async () => {
  const theirs = await asKafkajsWrites(NAME, 2, { groupId: 'orders-ü', coordinatorType: 0 });

  assert.deepEqual(asWeWrite(findCoordinator('orders-ü')), { ...theirs, name: 'FindCoordinator' });
});

test('the answer is read as kafkajs reads it', async () => {
  const answer = findCoordinatorAnswer({ id: 3, host: 'three.example', port: 9094 });

  assert.deepEqual(asWeRead(findCoordinator('orders'), answer), { error: 0, id: 3, host: 'three.example', port: 9094 });
  assert.deepEqual(await asKafkajsReads(NAME, 2, answer), {
    throttleTime: 0,
    clientSideThrottleTime: 0,
    errorCode: 0,
    errorMessage: null,
    coordinator: { nodeId: 3, host: 'three.example', port: 9094 },
  });
});

test('a refusal is read', () => {
  assert.equal(asWeRead(findCoordinator('orders'), findCoordinatorAnswer({ error: 30, id: -1, port: -1 })).error, 30);
});
