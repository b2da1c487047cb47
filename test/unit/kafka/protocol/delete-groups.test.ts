import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteGroups } from '../../../../lib/kafka/protocol/delete-groups.ts';
import { deleteGroupsAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';

test('the request is the one that kafkajs writes', async () => {
  assert.deepEqual(asWeWrite(deleteGroups('orders')), await asKafkajsWrites('DeleteGroups', 1, ['orders']));
});

test('the answer is read as kafkajs reads it', async () => {
  const answer = deleteGroupsAnswer('orders');

  assert.equal(asWeRead(deleteGroups('orders'), answer), 0);
  const kafkajs = JSON.stringify(await asKafkajsReads('DeleteGroups', 1, answer));
  assert.deepEqual(JSON.parse(kafkajs).results, [{ groupId: 'orders', errorCode: 0 }]);
});

test('a refusal is read', () => {
  assert.equal(asWeRead(deleteGroups('orders'), deleteGroupsAnswer('orders', 68)), 68);
});

test('an answer without the group is no success', () => {
  assert.equal(asWeRead(deleteGroups('orders'), Buffer.alloc(8)), -1);
});
