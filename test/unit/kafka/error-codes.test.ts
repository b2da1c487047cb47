import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPassing, kafkaError } from '../../../lib/kafka/error-codes.ts';
import { partitionNotFound, topicNotFound } from '../../../lib/messages/topics.ts';

/** What a client sees of each of Kafka's error codes. */
const seen: Record<number, [status: number, code: number, retriable: boolean]> = {
  1: [400, 40002, false],
  2: [503, 50003, true],
  3: [404, 40401, false],
  5: [503, 50003, true],
  6: [503, 50003, true],
  7: [503, 50003, true],
  8: [503, 50003, true],
  9: [503, 50003, true],
  10: [413, 413, false],
  12: [400, 40002, false],
  13: [503, 50003, true],
  14: [503, 50003, true],
  15: [503, 50003, true],
  16: [503, 50003, true],
  17: [400, 40002, false],
  18: [413, 413, false],
  19: [503, 50003, true],
  20: [503, 50003, true],
  22: [409, 40903, false],
  24: [400, 40002, false],
  25: [409, 40903, false],
  27: [409, 40903, false],
  28: [400, 40002, false],
  29: [403, 40301, false],
  30: [403, 40301, false],
  31: [403, 40301, false],
  32: [400, 40002, false],
  36: [409, 40904, false],
  37: [400, 40002, false],
  38: [400, 40002, false],
  39: [400, 40002, false],
  40: [400, 40002, false],
  41: [503, 50003, true],
  42: [400, 40002, false],
  43: [400, 40002, false],
  44: [400, 40002, false],
  56: [503, 50003, true],
  68: [409, 40903, false],
  69: [404, 40405, false],
  72: [503, 50003, true],
  74: [503, 50003, true],
  75: [503, 50003, true],
  76: [500, 50002, false],
  78: [503, 50003, true],
  81: [429, 429, true],
  86: [409, 40903, false],
  87: [422, 422, false],
  88: [503, 50003, true],
  73: [400, 40002, false],
  89: [429, 42901, true],
  110: [409, 40903, false],
  113: [409, 40903, false],
};

test('each of the error codes of Kafka has its status and code, and tells whether to try again', () => {
  for (let code = -1; code <= 130; code++) {
    const error = kafkaError(code);

    const { status, code: errorCode, retriable } = error;
    assert.deepEqual([status, errorCode, retriable], seen[code] ?? [500, 50002, false], `error ${code}`);
    assert.ok(error.message.length > 10);
  }
});

test('the cause names the error as Kafka does, for the log', () => {
  assert.equal(String(kafkaError(19).cause), 'Error: Kafka answered NOT_ENOUGH_REPLICAS (19)');
  assert.match(String(kafkaError(119).cause), /119/);
});

test('a code without a name is told by its number', () => {
  assert.equal(kafkaError(119).message, 'Kafka refused the request (its error 119): ask the operator of the gateway');
});

test('a remark follows the message', () => {
  assert.equal(
    kafkaError(36, 'It has 3 partitions.').message,
    'A topic of this name exists. It has 3 partitions.: use it, or another name',
  );
  assert.equal(kafkaError(36).message, 'A topic of this name exists: use it, or another name');
  assert.equal(kafkaError(36, '').message, 'A topic of this name exists: use it, or another name');
});

test('passing is what the same request may see mended within seconds', () => {
  const passing = Array.from({ length: 132 }, (_, i) => i - 1).filter(isPassing);

  assert.deepEqual(passing, [2, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 41, 56, 72, 74, 75, 78, 88]);
});

test('a topic and a partition that are not there have their own codes, and say what there is', () => {
  const topic = topicNotFound('orders');
  const partition = partitionNotFound('orders', 7, 3);

  assert.deepEqual([topic.status, topic.code], [404, 40401]);
  assert.deepEqual([partition.status, partition.code], [404, 40402]);
  assert.match(topic.message, /orders/);
  assert.match(partition.message, /orders.* 7.* 3/);
});
