import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { configure } from '../../harness/http/gateway.ts';
import { base64, produce } from '../../harness/http/requests.ts';
import { deleteRecordsBelow } from '../../harness/kafka/delete-records.ts';
import { writeWithJava } from '../../harness/kafka/java-clients.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { command, offsetsOf } from '../../harness/pubsub/pubsub.ts';

configure(sharedKafka());
setLogLevel('error');

suite('a fetch', () => {
  const records = Array.from({ length: 40 }, (_, i) => ({
    key: i % 3 === 0 ? null : Buffer.from(`k${i}`),
    value: Buffer.from('value '.repeat(i)),
    headers: [{ key: 'größe', value: Buffer.from([i, 0xff]) }],
  }));

  for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
    test(`reads what Java wrote with ${compression}, headers too, from the very offset`, async () => {
      const topic = await createTopic();
      await writeWithJava(topic, records, { compression });

      const { kafkaFetchResp } = await command({ cmdKafkaFetch: { topic, offset: 7 } });

      const read = kafkaFetchResp?.messages?.map(({ timestamp: _, ...message }) => message);
      assert.deepEqual(
        read,
        records.slice(7).map(({ key, value, headers }, i) => ({
          offset: String(i + 7),
          ...(key !== null && { key: base64(key) }),
          value: base64(value),
          headers: [{ key: 'größe', value: base64(headers[0].value) }],
        })),
      );
      assert.deepEqual([kafkaFetchResp?.nextOffset, kafkaFetchResp?.highWatermark], ['40', '40']);
    });
  }

  test('tells null from empty', async () => {
    const topic = await createTopic();
    await writeTopic(topic, [
      { key: '', value: '' },
      { key: null, value: null },
    ]);

    const { kafkaFetchResp } = await command({ cmdKafkaFetch: { topic } });

    assert.deepEqual(
      kafkaFetchResp?.messages?.map(({ key, value }) => [key, value]),
      [
        ['', ''],
        [undefined, undefined],
      ],
    );
  });

  test('at the end of the log is empty, and says where to go on', async () => {
    const topic = await createTopic();
    await produce(topic, 'text', [{ value: 'a' }]);
    await deleteRecordsBelow(topic, 1);

    const { kafkaFetchResp } = await command({ cmdKafkaFetch: { topic, offset: 1 } });

    assert.deepEqual(kafkaFetchResp, { nextOffset: '1', highWatermark: '1', logStartOffset: '1' });
  });

  test('waits for a message, if it is told to', async () => {
    const topic = await createTopic();

    const fetching = command({ cmdKafkaFetch: { topic, maxWaitMs: 20_000 } });
    await produce(topic, 'text', [{ value: 'late' }]);
    const { kafkaFetchResp } = await fetching;

    assert.equal(kafkaFetchResp?.messages?.[0].value, base64('late'));
  });

  test('reads on by max_bytes, each message once', async () => {
    const topic = await createTopic();
    await writeWithJava(topic, records, { compression: 'lz4' });
    const read: number[] = [];
    let pages = 0;

    for (let offset = '0'; offset !== '40'; pages++) {
      const { kafkaFetchResp } = await command({ cmdKafkaFetch: { topic, offset, maxBytes: 500 } });
      read.push(...offsetsOf(kafkaFetchResp?.messages));
      offset = kafkaFetchResp?.nextOffset ?? '0';
    }

    assert.deepEqual(read, [...records.keys()]);
    assert.ok(pages > 2, `${pages}`);
  });

  for (const [field, value] of [
    ['isolation', 2],
    ['maxBytes', -1],
    ['minBytes', -1],
    ['maxWaitMs', -1],
  ]) {
    test(`with ${field} ${value} is refused`, async () => {
      const { errorResp } = await command({ cmdKafkaFetch: { topic: await createTopic(), [field]: value } });

      assert.equal(errorResp?.code, 42);
    });
  }

  test('from a partition that the topic does not have is told from one of an unknown topic', async () => {
    const topic = await createTopic();

    const { errorResp } = await command({ cmdKafkaFetch: { topic, partition: 1 } });

    assert.equal(errorResp?.code, 3);
    assert.match(errorResp?.message ?? '', /partition: 1, err: not found partition$/);
    assert.match(errorResp?.detail ?? '', /has no partition 1, as it has 1/);
  });
});
