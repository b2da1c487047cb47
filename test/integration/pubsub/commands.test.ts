import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { base64, produce } from '../../harness/http/requests.ts';
import { writeWithJava } from '../../harness/kafka/java-clients.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { commands, offsetsOf } from '../../harness/pubsub/pubsub.ts';
import { encodeByStock } from '../../harness/pubsub/stock-runtime.ts';

configure(sharedKafka());
setLogLevel('error');

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
