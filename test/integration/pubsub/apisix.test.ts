import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { configure } from '../../harness/http/gateway.ts';
import { base64, produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { command } from '../../harness/pubsub/pubsub.ts';

configure(sharedKafka());
setLogLevel('error');

suite('what the clients of APISIX are used to', () => {
  /** testmsg1 to testmsg30, written one by one. */
  let topic: string;
  const time = 1_767_225_600_000;

  before(async () => {
    topic = await createTopic();
    for (let i = 1; i <= 30; i++) await produce(topic, 'text', [{ value: `testmsg${i}`, timestamp: time + i }]);
  });

  test('an unknown topic has no offset', async () => {
    const { errorResp } = await command({ cmdKafkaListOffset: { topic: 'not-exist', partition: 0, timestamp: -1 } });

    assert.equal(errorResp?.message, 'failed to list offset, topic: not-exist, partition: 0, err: not found topic');
    assert.equal(errorResp?.code, 3);
  });

  test('an unknown topic cannot be fetched from', async () => {
    const { errorResp } = await command({ sequence: 1, cmdKafkaFetch: { topic: 'not-exist', partition: 0, offset: 0 } });

    assert.equal(errorResp?.message, 'failed to fetch message, topic: not-exist, partition: 0, err: not found topic');
    assert.equal(errorResp?.code, 3);
  });

  for (const [sequence, timestamp, offset] of [
    [2, -2, 0],
    [3, -1, 30],
    [4, 9_999_999_999_999, -1],
    [5, 1_500_000_000_000, 0],
  ]) {
    test(`the offset at ${timestamp} is ${offset}`, async () => {
      const answer = await command({ sequence, cmdKafkaListOffset: { topic, partition: 0, timestamp } });

      assert.equal(answer.sequence, String(sequence));
      assert.equal(Number(answer.kafkaListOffsetResp?.offset ?? 0), offset);
    });
  }

  test('the message at offset 14 is testmsg15', async () => {
    const { sequence, kafkaFetchResp } = await command({ sequence: 6, cmdKafkaFetch: { topic, partition: 0, offset: 14 } });

    const [first] = kafkaFetchResp?.messages ?? [];
    assert.deepEqual([sequence, first], ['6', { offset: '14', timestamp: String(time + 15), value: base64('testmsg15') }]);
    assert.equal(kafkaFetchResp?.messages?.length, 16);
  });

  test('an offset beyond the end is out of range', async () => {
    const { sequence, errorResp } = await command({ sequence: 7, cmdKafkaFetch: { topic, partition: 0, offset: 999 } });

    assert.deepEqual(
      [sequence, errorResp],
      [
        '7',
        {
          code: 1,
          message: `failed to fetch message, topic: ${topic}, partition: 0, err: OFFSET_OUT_OF_RANGE`,
          detail: `Offset 999 is outside the log of partition 0 of ${topic}: use one from 0 to 30, which is written next`,
        },
      ],
    );
  });

  test('a ping comes back', async () => {
    assert.deepEqual(await command({ sequence: 8, cmdPing: { state: base64('test') } }), {
      sequence: '8',
      pongResp: { state: base64('test') },
    });
  });

  test('the empty command is unknown', async () => {
    const { sequence, errorResp } = await command({ sequence: 9, cmdEmpty: {} });

    assert.deepEqual([sequence, errorResp?.code, errorResp?.message], ['9', 42, 'unknown command']);
  });

  test('a request without a command is told so, where APISIX is silent', async () => {
    const { sequence, errorResp } = await command({ sequence: 10 });

    assert.deepEqual([sequence, errorResp?.code, errorResp?.message], ['10', 42, 'empty command']);
  });

  test('sequences are of 64 bits', async () => {
    for (const sequence of ['9223372036854775807', '-9223372036854775808']) {
      assert.equal((await command({ sequence, cmdPing: {} })).sequence, sequence);
    }
  });
});
