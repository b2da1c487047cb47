import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { configure } from '../../harness/http/gateway.ts';
import { base64 } from '../../harness/http/requests.ts';
import { readTopic, writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { command, commands } from '../../harness/pubsub/pubsub.ts';

configure(sharedKafka());
setLogLevel('error');

suite('produce', () => {
  test('writes records as they are, and says where', async () => {
    const topic = await createTopic({ partitions: 3 });
    const all = { key: base64('k'), value: base64('v'), headers: [{ key: 'h', value: base64('x') }, { key: 'n' }] };

    const { kafkaProduceResp } = await command({
      cmdKafkaProduce: {
        topic,
        records: [{ partition: 2, timestamp: 12_345, ...all }, { partition: 2, key: '', value: '' }, { partition: 1 }],
      },
    });

    assert.deepEqual(
      kafkaProduceResp?.results?.map(({ partition, offset }) => [partition, offset]),
      [
        [2, undefined],
        [2, '1'],
        [1, undefined],
      ],
    );
    assert.equal(kafkaProduceResp?.results?.[0].timestamp, '12345');
    const written = await readTopic(topic);
    assert.deepEqual(
      written.map(({ partition, key, value }) => [partition, key?.toString(), value?.toString()]),
      [
        [1, undefined, undefined],
        [2, 'k', 'v'],
        [2, '', ''],
      ],
    );
    assert.deepEqual(written[1].headers[0], { key: 'h', value: Buffer.from('x') });
  });

  test('sends a key to the partition that Java sends it to', async () => {
    const topic = await createTopic({ partitions: 12 });
    const [{ partition }] = await writeTopic(topic, [{ key: 'key', value: 'by another client' }]);

    const { kafkaProduceResp } = await command({ cmdKafkaProduce: { topic, records: [{ key: base64('key') }] } });

    assert.equal(kafkaProduceResp?.results?.[0].partition ?? 0, partition);
  });

  for (const compression of ['COMPRESSION_GZIP', 'COMPRESSION_SNAPPY', 'COMPRESSION_LZ4', 'COMPRESSION_ZSTD']) {
    test(`with ${compression} is read back`, async () => {
      const topic = await createTopic();
      const values = Array.from({ length: 50 }, (_, i) => base64('value '.repeat(i)));

      const [, { kafkaFetchResp }] = await commands([
        { cmdKafkaProduce: { topic, compression, records: values.map((value) => ({ value })) } },
        { cmdKafkaFetch: { topic } },
      ]);

      assert.deepEqual(
        kafkaFetchResp?.messages?.map(({ value }) => value),
        values,
      );
    });
  }

  test('without acknowledgement does not say where', async () => {
    const topic = await createTopic();

    const { kafkaProduceResp } = await command({ cmdKafkaProduce: { topic, acks: 'ACKS_NONE', records: [{ value: base64('v') }] } });

    assert.equal(kafkaProduceResp?.results?.[0].offset, '-1');
  });

  test('tells which records failed, and writes the others', async () => {
    const topic = await createTopic();

    const { kafkaProduceResp } = await command({ cmdKafkaProduce: { topic, records: [{ partition: 7 }, { value: base64('v') }] } });

    const [failed, written] = kafkaProduceResp?.results ?? [];
    assert.equal(failed.error?.code, 3);
    assert.equal(failed.error?.message, `failed to produce message, topic: ${topic}, err: not found partition`);
    assert.deepEqual([written.partition, written.error], [undefined, undefined]);
    assert.equal((await readTopic(topic)).length, 1);
  });

  test('is an error when all records failed for one reason', async () => {
    const { errorResp } = await command({ cmdKafkaProduce: { topic: 'not-exist', records: [{}, {}] } });

    assert.deepEqual([errorResp?.code, errorResp?.message], [3, 'failed to produce message, topic: not-exist, err: not found topic']);
  });

  for (const [what, fields] of [
    ['no records', { records: [] }],
    ['acks that there are not', { records: [{}], acks: 3 }],
    ['a codec that there is not', { records: [{}], compression: 5 }],
  ] as const) {
    test(`of ${what} is refused`, async () => {
      const { errorResp } = await command({ cmdKafkaProduce: { topic: await createTopic(), ...fields } });

      assert.equal(errorResp?.code, 42);
    });
  }

  test('of a time before 1970 is refused', async () => {
    const { errorResp } = await command({ cmdKafkaProduce: { topic: await createTopic(), records: [{}, { timestamp: -1 }] } });

    assert.deepEqual([errorResp?.code, errorResp?.detail], [87, 'records[1].timestamp must be Unix milliseconds']);
  });
});
