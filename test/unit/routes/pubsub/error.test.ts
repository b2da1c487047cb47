import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type ErrorName, GatewayError } from '../../../../lib/errors.ts';
import { kafkaError } from '../../../../lib/kafka/error-codes.ts';
import { partitionNotFound, topicNotFound } from '../../../../lib/messages/topics.ts';
import type { Command } from '../../../../lib/pubsub/messages.ts';
import { errorReply } from '../../../../lib/routes/pubsub/error.ts';

const list: Command = { kind: 'list-offset', topic: 't', partition: 3, timestamp: 0n };
const fetch: Command = { kind: 'fetch', topic: 't', partition: 3, offset: 0n, maxWaitMs: 0, minBytes: 0, maxBytes: 0, isolation: 0 };
const produce: Command = { kind: 'produce', topic: 't', records: [], acks: 0, compression: 0 };
const failed = (error: GatewayError, command: Command | null | undefined) => {
  const { code, message } = errorReply(error, command);
  return [code, message];
};

suite('the message says what failed, and in a word why', () => {
  const error = new GatewayError('Forbidden', 'no');
  for (const [command, message] of [
    [list, 'failed to list offset, topic: t, partition: 3, err: TOPIC_AUTHORIZATION_FAILED'],
    [fetch, 'failed to fetch message, topic: t, partition: 3, err: TOPIC_AUTHORIZATION_FAILED'],
    [produce, 'failed to produce message, topic: t, err: TOPIC_AUTHORIZATION_FAILED'],
    [{ kind: 'ping', state: Buffer.alloc(0) }, 'failed to ping, err: TOPIC_AUTHORIZATION_FAILED'],
    [{ kind: 'empty' }, 'unknown command'],
    [null, 'empty command'],
    [undefined, 'wrong command'],
  ] as const) {
    test(message, () => {
      assert.deepEqual(failed(error, command), [29, message]);
    });
  }

  test('of a topic that cannot be one, not much is repeated', () => {
    const { message } = errorReply(error, { ...list, topic: 'x'.repeat(100_000) });

    assert.ok(message.length < 400, `${message.length}`);
  });
});

suite('the code is Kafka’s', () => {
  for (const code of [1, 2, 5, 6, 10, 17, 19, 29, 31, 32, 44, 76, 87, 89, 130]) {
    test(`own ${code}, and its word with it`, () => {
      const [told, message] = failed(kafkaError(code), list);

      assert.equal(told, code);
      assert.match(String(message), /err: ([A-Z_]+|error 130)$/);
    });
  }

  for (const [error, code, word] of [
    [kafkaError(3), 3, 'not found topic'],
    [topicNotFound('t'), 3, 'not found topic'],
    [partitionNotFound('t', 3, 1), 3, 'not found partition'],
  ] as const) {
    test(`for ${error.message}`, () => {
      assert.deepEqual(failed(error, list), [code, `failed to list offset, topic: t, partition: 3, err: ${word}`]);
    });
  }

  const own: [name: ErrorName, code: number][] = [
    ['BadRequest', 42],
    ['InvalidArgument', 17],
    ['InvalidRecord', 87],
    ['Unauthorized', 58],
    ['TooLarge', 10],
    ['LimitExceeded', 89],
    ['QuotaExceeded', 89],
    ['KafkaUnavailable', 8],
    ['DeadlineExceeded', 7],
    ['KafkaAuthentication', -1],
    ['CredentialsUnavailable', -1],
    ['InternalError', -1],
  ];
  for (const [name, code] of own) {
    test(`${code} for the gateway's own ${name}`, () => {
      assert.equal(failed(new GatewayError(name, 'x'), list)[0], code);
    });
  }
});

suite('the rest', () => {
  test('says what to do, and when', () => {
    const limit = new GatewayError('LimitExceeded', 'The limit is reached', { headers: { 'retry-after': '17' } });

    const [final, passing, later] = [kafkaError(29), kafkaError(6), limit].map((error) => errorReply(error, list));

    assert.deepEqual([final.retryAfterMs, passing.retryAfterMs, later.retryAfterMs], [0, 1000, 17_000]);
    assert.deepEqual(
      [final.detail, later.detail],
      ['Kafka does not authorize this on the topic: ask its operator for an ACL', 'The limit is reached'],
    );
    assert.deepEqual([final.nextOffset, final.maybeWritten], [null, false]);
  });

  test('is what it is given', () => {
    const { nextOffset, maybeWritten } = errorReply(kafkaError(10), fetch, { nextOffset: 7, maybeWritten: true });

    assert.deepEqual([nextOffset, maybeWritten], [7, true]);
  });
});
