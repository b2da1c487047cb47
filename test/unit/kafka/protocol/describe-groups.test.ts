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
  const topic = fc.stringMatching(/^[a-z0-9_-][a-zA-Z0-9._-]{0,30}$/);
  const assignment = fc.array(record({ topic, partitions: fc.array(fc.nat(2 ** 31 - 1), { maxLength: 5 }) }), { maxLength: 4 });
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

for (const [what, bytes] of [
  ['is cut off', Buffer.from([0, 0, 0, 0, 0, 1, 0, 6])],
  ['claims more than there is', Buffer.from([0, 0, 0x7f, 0xff, 0xff, 0xff])],
  ['is a text', Buffer.from('z')],
  ['names what no topic is called', Buffer.from([0, 0, 0, 0, 0, 1, 0, 2, 0xff, 0xff, 0, 0, 0, 0])],
  ['has a partition that no topic has', Buffer.from([0, 0, 0, 0, 0, 1, 0, 1, 0x61, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff])],
] as const) {
  test(`an assignment that ${what} is that of one member, and no reason to refuse the answer`, () => {
    const answer = new Writer().int32(0).int32(1).int16(0).string('g').string('Stable').string('consumer').string('range').int32(2);
    for (const assigned of [bytes, Buffer.alloc(0)]) {
      answer.string('m').string(null).string('c').string('/h').int32(0).int32(assigned.length).bytes(assigned);
    }
    answer.int32(0);

    const group = asWeRead(describeGroups(['g']), answer.done()).get('g');

    assert.deepEqual(
      group?.members.map(({ assignment }) => assignment),
      [null, []],
    );
  });
}

test('a refusal, and an answer without the group, are no success', () => {
  assert.equal(asWeRead(describeGroups(['g']), describeGroupsAnswer('g', { error: 30 })).get('g')?.error, 30);
  assert.equal(asWeRead(describeGroups(['g']), Buffer.alloc(8)).size, 0);
});
