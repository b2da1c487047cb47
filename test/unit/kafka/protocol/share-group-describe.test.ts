import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shareGroupDescribe } from '../../../../lib/kafka/protocol/share-group-describe.ts';
import { shareGroupDescribeAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';
import { withstands } from './withstands.ts';

test('the request holds the groups, in compact form behind a header without tagged fields', () => {
  const { key, bytes } = asWeWrite(shareGroupDescribe(['ab', 'c']));

  assert.equal(key, 77);
  assert.deepEqual(bytes, Buffer.from([0, 3, 3, 0x61, 0x62, 2, 0x63, 0, 0]));
});

test('a group is read with its members and what they have', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  const assignment = fc.array(record({ topic: text, partitions: fc.array(fc.nat(2 ** 31 - 1), { maxLength: 20 }) }), { maxLength: 4 });
  const member = record({
    ...{ memberId: text, epoch: fc.integer(), clientId: text, host: text, assignment },
    topics: fc.array(text, { maxLength: 3 }),
  });
  const group = record({ state: text, epoch: fc.nat(2 ** 31 - 1), assignor: text, members: fc.array(member, { maxLength: 4 }) });

  fc.assert(
    fc.property(group, (content) => {
      const read = asWeRead(shareGroupDescribe(['shared']), shareGroupDescribeAnswer('shared', content));

      const members = content.members.map(({ topics, ...rest }) => ({ ...rest, subscribedTopics: topics }));
      assert.deepEqual([...read], [['shared', { error: 0, ...content, members }]]);
    }),
  );
});

test('a refusal, and an answer without the group, are no success', () => {
  const request = shareGroupDescribe(['g']);

  assert.equal(asWeRead(request, shareGroupDescribeAnswer('g', { error: 69 })).get('g')?.error, 69);
  assert.equal(asWeRead(request, Buffer.from([0, 0, 0, 0, 0, 1, 0])).size, 0);
});

test('answers that are no answers are refused, and do no harm', () => {
  const members = [{ memberId: 'm', topics: ['t'], assignment: [{ topic: 't', partitions: [1, 2] }] }];

  withstands(shareGroupDescribe(['g']), shareGroupDescribeAnswer('g', { state: 'Stable', members }));
});
