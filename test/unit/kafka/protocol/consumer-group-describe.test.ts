import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { consumerGroupDescribe } from '../../../../lib/kafka/protocol/consumer-group-describe.ts';
import { consumerGroupDescribeAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';

test('the request holds the one group, in compact form behind a header without tagged fields', () => {
  const { key, bytes } = asWeWrite(consumerGroupDescribe(['ab']));

  assert.equal(key, 69);
  assert.deepEqual(bytes, Buffer.from([0, 2, 3, 0x61, 0x62, 0, 0]));
});

test('a group is read with its members and what they have, in both versions', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  const assignment = fc.array(record({ topic: text, partitions: fc.array(fc.nat(2 ** 31 - 1), { maxLength: 200 }) }), { maxLength: 4 });
  const member = record({
    ...{ memberId: text, instanceId: fc.option(text), epoch: fc.integer(), clientId: text, host: text, assignment },
    topics: fc.array(text, { maxLength: 3 }),
    regex: fc.option(text),
    classic: fc.boolean(),
  });
  const group = record({ state: text, epoch: fc.nat(2 ** 31 - 1), assignor: text, members: fc.array(member, { maxLength: 4 }) });

  fc.assert(
    fc.property(group, fc.constantFrom(0, 1), (content, version) => {
      const answer = consumerGroupDescribeAnswer('orders', content, version);

      const read = asWeRead(consumerGroupDescribe(['orders']), answer, version).get('orders');

      const members = content.members.map(({ topics, regex, classic, ...rest }) => ({
        ...{ ...rest, subscribedTopics: topics, subscribedRegex: regex },
        isClassic: version >= 1 && classic,
      }));
      assert.deepEqual(read, { error: 0, ...content, members });
    }),
  );
});

test('a refusal, and an answer without the group, are no success', () => {
  const request = consumerGroupDescribe(['g']);

  assert.equal(asWeRead(request, consumerGroupDescribeAnswer('g', { error: 69 })).get('g')?.error, 69);
  assert.equal(asWeRead(request, Buffer.from([0, 0, 0, 0, 0, 1, 0])).size, 0);
});
