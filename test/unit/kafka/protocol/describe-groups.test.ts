import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeGroups } from '../../../../lib/kafka/protocol/describe-groups.ts';
import { Writer } from '../../../../lib/kafka/protocol/wire.ts';
import { describeGroupsAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';

test('the request is the one that kafkajs writes, and a boolean that version 3 has added', async () => {
  const { bytes, ...theirs } = await asKafkajsWrites('DescribeGroups', 2, { groupIds: ['orders'] });

  assert.deepEqual(asWeWrite(describeGroups(['orders'])), { ...theirs, bytes: Buffer.concat([bytes, Buffer.alloc(1)]) });
});

test('a group is read with its members and what they have', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const assignment = fc.array(record({ topic: text, partitions: fc.array(fc.nat(2 ** 31 - 1), { maxLength: 5 }) }), { maxLength: 4 });
  const member = record({ memberId: text, instanceId: fc.option(text), clientId: text, host: text, assignment });
  const group = record({ state: text, protocol: text, members: fc.array(member, { maxLength: 4 }) });

  fc.assert(
    fc.property(group, (content) => {
      const answer = describeGroupsAnswer('orders', { protocolType: 'consumer', ...content });

      assert.deepEqual(asWeRead(describeGroups(['orders']), answer).get('orders'), { error: 0, protocolType: 'consumer', ...content });
    }),
  );
});

test('what members have that are no consumers is not read', () => {
  const members = [{ memberId: 'worker-1', assignment: [{ topic: 'orders', partitions: [0] }] }];

  const answer = describeGroupsAnswer('g', { protocolType: 'connect', state: 'Stable', members });

  const read = asWeRead(describeGroups(['g']), answer).get('g')?.members;

  assert.deepEqual(read, [{ memberId: 'worker-1', instanceId: null, clientId: '', host: '', assignment: null }]);
});

test('a member that has been assigned nothing yet has nothing', () => {
  const answer = new Writer().int32(0).int32(1).int16(0).string('g').string('PreparingRebalance').string('consumer').string('');
  answer.int32(1).string('m').string(null).string('c').string('/h').int32(0).int32(0).int32(-1);

  const group = asWeRead(describeGroups(['g']), answer.done()).get('g');

  assert.deepEqual(group?.members[0].assignment, []);
});

test('a refusal, and an answer without the group, are no success', () => {
  assert.equal(asWeRead(describeGroups(['g']), describeGroupsAnswer('g', { error: 30 })).get('g')?.error, 30);
  assert.equal(asWeRead(describeGroups(['g']), Buffer.alloc(8)).size, 0);
});
