import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shareGroupHeartbeat } from '../../../../lib/kafka/protocol/share-group-heartbeat.ts';
import { shareHeartbeatAnswer } from '../../../harness/fake-broker/share-side.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';
import { record } from './record.ts';
import { withstands } from './withstands.ts';

const topicId = '000102030405060708090a0b0c0d0e0f';
const leaving = shareGroupHeartbeat({ group: 'g', member: 'm', epoch: -1, topics: null });

test('who joins names the topics, without a rack', () => {
  const { key, bytes } = asWeWrite(shareGroupHeartbeat({ group: 'g', member: 'm', epoch: 0, topics: ['t', 'ä'] }));

  assert.equal(key, 76);
  assert.deepEqual([...bytes], [0, 2, 0x67, 2, 0x6d, 0, 0, 0, 0, 0, 3, 2, 0x74, 3, 0xc3, 0xa4, 0]);
});

test('later ones, and who leaves, name none: null', () => {
  assert.deepEqual([...asWeWrite(leaving).bytes], [0, 2, 0x67, 2, 0x6d, 0xff, 0xff, 0xff, 0xff, 0, 0, 0]);
});

test('an answer is read with its epoch and what the member has, or that nothing has changed', () => {
  const partitions = fc.array(fc.nat(2 ** 31 - 1), { maxLength: 20 });
  const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'));
  const assignment = fc.option(fc.array(record({ topicId: id, partitions }), { maxLength: 4 }));

  fc.assert(
    fc.property(record({ epoch: fc.integer(), assignment }), (content) => {
      assert.deepEqual(asWeRead(leaving, shareHeartbeatAnswer(content)), { error: 0, message: null, intervalMs: 5000, ...content });
    }),
  );
});

test('a refusal is read with the words of the broker', () => {
  const read = asWeRead(leaving, shareHeartbeatAnswer({ error: 110, epoch: 0 }));

  assert.deepEqual(read, { error: 110, message: 'in words', epoch: 0, intervalMs: 5000, assignment: null });
});

test('answers that are no answers are refused, and do no harm', () => {
  withstands(leaving, shareHeartbeatAnswer({ assignment: [{ topicId, partitions: [1, 2, 3] }] }));
});
