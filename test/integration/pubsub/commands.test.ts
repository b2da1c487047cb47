import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { deleteRecordsBelow } from '../../harness/kafka/delete-records.ts';
import { writeWithJava } from '../../harness/kafka/java-clients.ts';
import { readTopic, writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { command, commands, type ToldMessage } from '../../harness/pubsub/pubsub.ts';
import { encodeByStock } from '../../harness/pubsub/stock-runtime.ts';

configure(sharedKafka());
setLogLevel('error');

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const offsetsOf = (messages: readonly ToldMessage[] = []) => messages.map(({ offset = '0' }) => Number(offset));

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

suite('a partition', () => {
  test('that a topic does not have is told from a topic that is not there', async () => {
    const topic = await createTopic();

    const { errorResp } = await command({ cmdKafkaFetch: { topic, partition: 1 } });

    assert.equal(errorResp?.code, 3);
    assert.match(errorResp?.message ?? '', /partition: 1, err: not found partition$/);
    assert.match(errorResp?.detail ?? '', /has no partition 1, as it has 1/);
  });

  test('of a name that no topic can have is refused without asking Kafka', async () => {
    const { errorResp } = await command({ cmdKafkaListOffset: { topic: 'a topic' } });

    assert.equal(errorResp?.code, 17);
    assert.match(errorResp?.message ?? '', /err: INVALID_TOPIC_EXCEPTION$/);
  });
});

suite('the offset at a time', () => {
  test('comes with the time of its record', async () => {
    const topic = await createTopic();
    await produce(topic, 'text', [
      { value: 'a', timestamp: 10_000 },
      { value: 'b', timestamp: 20_000 },
    ]);

    const { kafkaListOffsetResp } = await command({ cmdKafkaListOffset: { topic, timestamp: 10_001 } });

    assert.deepEqual(kafkaListOffsetResp, { offset: '1', timestamp: '20000' });
  });

  for (const timestamp of ['-3', '-9223372036854775808']) {
    test(`that is ${timestamp} is refused`, async () => {
      const { errorResp } = await command({ cmdKafkaListOffset: { topic: await createTopic(), timestamp } });

      assert.equal(errorResp?.code, 42);
      assert.match(errorResp?.message ?? '', /err: INVALID_REQUEST$/);
    });
  }
});

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
});

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

suite('several messages in one request', () => {
  test('are obeyed one after the other, and answered in order', async () => {
    const topic = await createTopic();
    const writes = Array.from({ length: 5 }, (_, i) => ({ cmdKafkaProduce: { topic, records: [{ value: base64(`${i}`) }] } }));

    const answers = await commands([
      ...writes,
      { cmdKafkaFetch: { topic } },
      { cmdEmpty: {} },
      { cmdKafkaListOffset: { topic, timestamp: -1 } },
    ]);

    assert.deepEqual(
      answers.map(({ sequence = '0' }) => Number(sequence)),
      [...answers.keys()],
    );
    assert.deepEqual(
      answers[5].kafkaFetchResp?.messages?.map(({ value }) => value),
      writes.map((_, i) => base64(`${i}`)),
    );
    assert.equal(answers[6].errorResp?.message, 'unknown command');
    assert.equal(answers[7].kafkaListOffsetResp?.offset, '5');
  });

  test('share what a response can hold: whoever goes on gets everything once', async () => {
    const topic = await createTopic();
    const values = Array.from({ length: 12 }, (_, i) => Buffer.alloc(900_000, i));
    await writeWithJava(
      topic,
      values.map((value) => ({ key: null, value })),
    );
    const read: number[] = [];
    let requests = 0;

    for (let offset = '0'; offset !== '12'; requests++) {
      const fetch = { cmdKafkaFetch: { topic, offset, maxBytes: 20_000_000 } };
      const [first, second] = await commands([fetch, fetch]);
      assert.ok((first.kafkaFetchResp?.messages?.length ?? 0) >= 1, JSON.stringify(first).slice(0, 500));
      assert.equal(second.errorResp, undefined);
      read.push(...offsetsOf(first.kafkaFetchResp?.messages));
      const again = offsetsOf(second.kafkaFetchResp?.messages);
      assert.equal(second.kafkaFetchResp?.nextOffset ?? '0', String(Number(offset) + again.length));
      offset = first.kafkaFetchResp?.nextOffset ?? '0';
    }

    assert.deepEqual(read, [...values.keys()]);
    assert.ok(requests > 1);
  });

  test('of which one cannot be read are answered all the same', async () => {
    const readable = encodeByStock({ sequence: 5, cmdPing: {} });
    const body = Buffer.concat([Buffer.from([2, 0x08, 0xff, readable.length]), readable]);

    const { text } = await call('POST', '/pubsub', { headers: { 'content-type': 'application/x-protobuf; encoding=delimited' }, body });

    assert.match(Buffer.from(text, 'base64').toString('latin1'), /wrong command/);
    assert.ok(Buffer.from(text, 'base64').includes(Buffer.from('0805820200', 'hex')), text);
  });
});

suite('a message in JSON', () => {
  test('is answered in JSON', async () => {
    const topic = await createTopic();
    await produce(topic, 'text', [{ value: 'a', timestamp: 1000 }]);
    const ask = (body: object) => call('POST', '/pubsub', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

    const fetched = await ask({ sequence: 1, cmdKafkaFetch: { topic } });
    const produced = await ask({ sequence: '2', cmdKafkaProduce: { topic, records: [{ value: base64('b'), timestamp: '2000' }] } });

    assert.equal(fetched.headers['content-type'], 'application/json');
    assert.deepEqual(fetched.json, {
      sequence: '1',
      kafkaFetchResp: { messages: [{ timestamp: '1000', value: base64('a') }], nextOffset: '1', highWatermark: '1' },
    });
    assert.deepEqual(produced.json, { sequence: '2', kafkaProduceResp: { results: [{ offset: '1', timestamp: '2000' }] } });
  });
});
