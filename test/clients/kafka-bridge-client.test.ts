import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { gateway } from './gateway.ts';
import { runPython } from './python.ts';

// PyPI's kafka-bridge-client, a client of v2 for Strimzi's bridge and Confluent's proxy.

test('messages are produced as JSON, with and without keys', async () => {
  const topic = await createTopic();

  const sent = await runPython(
    { url: gateway(), topic },
    `
    from kafka_bridge_client import KafkaBridgeProducer, Message
    producer = KafkaBridgeProducer(url, timeout=30)
    answer = [
        producer.send(topic, Message(key='1', value='text')),
        producer.sends(topic, [Message(key=None, value={'at': 21.5, 'name': 'Grüße'}), Message(key='gone', value=None)]),
    ]
    `,
  );
  const records = await readTopic(topic);

  assert.deepEqual(sent, [true, true]);
  assert.deepEqual(
    records.map(({ key, value }) => [key?.toString() ?? null, value === null ? null : JSON.parse(value.toString())]),
    [
      ['"1"', 'text'],
      [null, { at: 21.5, name: 'Grüße' }],
      ['"gone"', null],
    ],
  );
});

test('bytes are produced as they are', async () => {
  const topic = await createTopic();

  const sent = await runPython(
    { url: gateway(), topic },
    `
    from kafka_bridge_client import KafkaBridgeProducer, Message
    messages = [Message(key='k', value=bytes(range(256))), Message(key=None, value=b'')]
    answer = KafkaBridgeProducer(url, timeout=30).sends(topic, messages, binary=True)
    `,
  );
  const records = await readTopic(topic);

  assert.equal(sent, true);
  assert.deepEqual(
    records.map(({ key, value }) => [key?.toString() ?? null, value]),
    [
      ['k', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
      [null, Buffer.alloc(0)],
    ],
  );
});

test('errors are those of the client that are meant', async () => {
  const topic = await createTopic();
  const small = await createTopic({ configs: { 'max.message.bytes': '1000' } });

  const errors = await runPython(
    { url: gateway(), topic, small },
    `
    from kafka_bridge_client import KafkaBridgeProducer, Message
    producer = KafkaBridgeProducer(url, timeout=30)

    def error_of(*sent):
        try:
            producer.sends(*sent)
        except Exception as error:
            return type(error).__name__

    message = Message(key=None, value='x' * 2000)
    answer = [error_of(topic + '-not-there', [message]), error_of(topic, []), error_of(small, [message])]
    `,
  );

  assert.deepEqual(errors, ['KafkaBridgeTopicNotFoundError', 'ValidationError', 'KafkaBridgeResourceException']);
});

test('messages are consumed and committed, and the next consumer goes on behind them', async () => {
  const topic = await createTopic();

  const received = await runPython(
    { url: gateway(), topic },
    `
    import asyncio, base64
    from kafka_bridge_client import KafkaBridgeConsumer, KafkaBridgeProducer, Message
    producer = KafkaBridgeProducer(url, timeout=30)

    async def consume(name):
        consumer = KafkaBridgeConsumer(
            topic, bootstrap_server=url, group_id='of-' + topic, auto_offset_reset='earliest', enable_auto_commit=False,
            consumer_name=name, client_timeout_seconds=30,
        )
        async with consumer:
            async for record in consumer.get_records(max_bytes=100000, timeout=8000):
                await consumer.commit()
                return [record['offset'], base64.b64decode(record['value']).decode()]

    answer = []
    for value in ['first', 'second']:
        producer.send(topic, Message(key='k', value=value))
        answer.append(asyncio.run(consume('reader-' + value)))
    `,
  );

  assert.deepEqual(received, [
    [0, '"first"'],
    [1, '"second"'],
  ]);
});
