import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { acknowledgeTypes, shareAcknowledge } from '../../../../lib/kafka/protocol/share-acknowledge.ts';
import { readShareAcknowledge, shareAcknowledgeAnswer } from '../../../harness/fake-broker/share-side.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';
import { withstands } from './withstands.ts';

const topicId = '000102030405060708090a0b0c0d0e0f';
/** What follows the topics, and nobody asks for: where the leaders are, none here, and tagged fields. */
const ENDPOINTS = 2;
const idBytes = Buffer.from(topicId, 'hex');

test('the request holds ranges by topic and partition, in the order of their offsets, and says whether it renews', () => {
  const ranges = [
    { topicId, partition: 2, first: 5, last: 6 },
    { topicId, partition: 2, first: 1, last: 1 },
  ];
  const { key, bytes } = asWeWrite(shareAcknowledge({ group: 'g', member: 'm', epoch: -1, type: 'renew', ranges }));

  assert.equal(key, 79);
  const head = [0, 2, 0x67, 2, 0x6d, 0xff, 0xff, 0xff, 0xff, 1, 2];
  const one = (first: number, last: number) => [0, 0, 0, 0, 0, 0, 0, first, 0, 0, 0, 0, 0, 0, 0, last, 2, 4, 0];
  assert.deepEqual(bytes, Buffer.from([...head, ...idBytes, 2, 0, 0, 0, 2, 3, ...one(1, 1), ...one(5, 6), 0, 0, 0]));
});

test('the answer says how long locks are, and of each partition whether it was refused', () => {
  const partition = [0, 0, 0, 2, 0, 121, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0];
  const answer = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3a, 0x98, 2, ...idBytes, 2, ...partition, 0, 1, 0]);

  const read = asWeRead(shareAcknowledge({ group: 'g', member: 'm', epoch: 1, type: 'accept', ranges: [] }), answer, 2, ENDPOINTS);

  assert.deepEqual(read, { error: 0, lockMs: 15_000, partitions: [{ topicId, partition: 2, error: 121 }] });
});

test('a broker reads the ranges that were meant, in the order of their offsets in each partition', () => {
  const range = record({
    ...{ topicId: fc.constantFrom(topicId, 'ff'.repeat(16)), partition: fc.nat(3) },
    ...{ first: fc.nat(2 ** 31 - 1), last: fc.nat(2 ** 31 - 1) },
  });
  const type = fc.constantFrom('accept' as const, 'release' as const, 'reject' as const, 'renew' as const);

  fc.assert(
    fc.property(fc.array(range, { maxLength: 20 }), type, fc.integer({ min: -1, max: 2 ** 31 - 1 }), (ranges, what, epoch) => {
      const { bytes } = asWeWrite(shareAcknowledge({ group: 'g', member: 'm', epoch, type: what, ranges }));

      const read = readShareAcknowledge(bytes);

      const inOrder = [...Map.groupBy(ranges, ({ topicId: id }) => id).values()].flatMap((ofTopic) =>
        [...Map.groupBy(ofTopic, ({ partition }) => partition).values()].flatMap((held) => held.toSorted((a, b) => a.first - b.first)),
      );
      const types = [acknowledgeTypes[what]];
      const expected = inOrder.map((one) => ({ ...one, types }));
      assert.deepEqual(read, { group: 'g', member: 'm', epoch, renews: what === 'renew', ranges: expected });
    }),
  );
});

test('answers that are no answers are refused, and do no harm', () => {
  const answer = shareAcknowledgeAnswer({ partitions: [{ topicId, partition: 2, error: 121 }] });
  const request = shareAcknowledge({ group: 'g', member: 'm', epoch: 1, type: 'accept', ranges: [] });

  withstands(request, answer, answer.length - ENDPOINTS);
});
