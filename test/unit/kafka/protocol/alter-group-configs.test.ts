import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alterGroupConfigs } from '../../../../lib/kafka/protocol/alter-group-configs.ts';
import { Writer } from '../../../../lib/kafka/protocol/wire.ts';
import { asWeRead, asWeWrite } from './kafkajs.ts';
import { withstands } from './withstands.ts';

const request = alterGroupConfigs('g', { a: '1', b: '' });
const answered = (error: number, message: string | null): Buffer =>
  new Writer().int32(0).int32(1).int16(error).string(message).int8(32).string('g').done();

test('the request sets each value of the group, and does it: it does not only look', () => {
  const { key, bytes } = asWeWrite(request);

  assert.equal(key, 44);
  const configs = [0, 0, 0, 2, ...[0, 1, 0x61, 0, 0, 1, 0x31], ...[0, 1, 0x62, 0, 0, 0]];
  assert.deepEqual([...bytes], [0, 0, 0, 1, 32, 0, 1, 0x67, ...configs, 0]);
});

test('an answer is read with the words of the broker', () => {
  assert.deepEqual(asWeRead(request, answered(0, null)), { error: 0, message: null });
  assert.deepEqual(asWeRead(request, answered(40, 'too short')), { error: 40, message: 'too short' });
});

test('an answer without the group is no success', () => {
  assert.deepEqual(asWeRead(request, Buffer.alloc(8)), { error: -1, message: null });
});

test('answers that are no answers are refused, and do no harm', () => {
  withstands(request, answered(40, 'too short'));
});
