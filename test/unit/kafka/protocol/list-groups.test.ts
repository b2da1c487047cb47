import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { listGroups } from '../../../../lib/kafka/protocol/list-groups.ts';
import { listGroupsAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';

test('groups of every state and type are asked for, by each version in its form', () => {
  assert.deepEqual(asWeWrite(listGroups, 3).bytes, Buffer.from([0, 0]));
  assert.deepEqual(asWeWrite(listGroups, 4).bytes, Buffer.from([0, 1, 0]));
  assert.deepEqual(asWeWrite(listGroups, 5).bytes, Buffer.from([0, 1, 1, 0]));
  assert.equal(listGroups.key, 16);
});

test('groups are read; what an old broker does not say is null', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  const groups = fc.array(record({ group: text, protocolType: text, state: text, type: text }), { maxLength: 200 });

  fc.assert(
    fc.property(groups, fc.constantFrom(3, 4, 5), (content, version) => {
      const read = asWeRead(listGroups, listGroupsAnswer(content, { version }), version);

      const expected = content.map(({ state, type, ...group }) => ({
        ...group,
        state: version >= 4 ? state : null,
        type: version >= 5 ? type : null,
      }));
      assert.deepEqual(read, { error: 0, groups: expected });
    }),
    { numRuns: 50 },
  );
});

test('a refusal is read', () => {
  assert.deepEqual(asWeRead(listGroups, listGroupsAnswer([], { error: 15 })), { error: 15, groups: [] });
});
