import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic, createTopics } from '../harness/kafka/topics.ts';
import { gateway } from './gateway.ts';
import { runPython } from './python.ts';

// PyPI's nlp-kafka-rest-api, Merck's client of v2.

const jsonOf = (bytes: Buffer | null) => JSON.parse(String(bytes));

test('messages are produced with keys, given ones or those of the client', async () => {
  const topic = await createTopic({ partitions: 3 });

  const keys = await runPython(
    { url: gateway(), topic },
    `
    from kafka_rest import Producer
    producer = Producer(kafka_rest_api_url=url, topic_id=topic)
    producer.produce([{'text': 'Grüße', 'n_best': 10}], 'pke', keys=['mine'])
    producer.produce([{'text': 'b'}, {'text': 'c'}], 'pke')
    answer = producer.key_history
    `,
  );
  const records = await readTopic(topic);

  assert.ok(Array.isArray(keys));
  assert.equal(keys[0], 'mine');
  const produced = new Map(records.map(({ key, value }) => [jsonOf(key), jsonOf(value)]));
  assert.deepEqual(
    keys.map((key) => produced.get(key)),
    [{ text: 'Grüße', n_best: 10 }, { text: 'b' }, { text: 'c' }].map((payload) => ({ endpoint: 'pke', payload })),
  );
});

test('what is produced is read by a request of the client', async () => {
  const topic = await createTopic();

  const read = await runPython(
    { url: gateway(), topic },
    `
    from kafka_rest import Consumer, Producer
    producer = Producer(kafka_rest_api_url=url, topic_id=topic)
    producer.produce(['a', 'b'], 'pke', keys=['1', '2'])
    page = producer.request(method='GET', url=f'/topics/{topic}/partitions/0/records?offset=1', headers={}, data='')
    answer = [Consumer.parse_record(record) for record in page.json()]
    `,
  );

  assert.deepEqual(read, [{ key: '2', value: { endpoint: 'pke', payload: 'b' } }]);
});

test('files are produced', async () => {
  const topic = await createTopic();

  await runPython(
    { url: gateway(), topic },
    `
    import os, tempfile
    from kafka_rest import Producer
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, 'a.pdf')
        with open(path, 'wb') as file:
            file.write(bytes(range(256)) * 1000)
        answer = Producer(kafka_rest_api_url=url, topic_id=topic).produce_files([path], 'pdf2text')
    `,
  );
  const [{ value }] = await readTopic(topic);

  const { name, type, bytes } = jsonOf(value).payload;
  assert.deepEqual([name, type], ['a.pdf', 'application/pdf']);
  assert.equal(Buffer.from(bytes, 'base64').length, 256_000);
});

test('errors are raised with their status and body', async () => {
  const topic = await createTopic();

  const error = await runPython(
    { url: gateway(), topic: `${topic}-not-there` },
    `
    from requests import HTTPError
    from kafka_rest import Producer
    try:
        Producer(kafka_rest_api_url=url, topic_id=topic).produce(['a'], 'pke')
    except HTTPError as error:
        answer = [error.response.status_code, error.response.json()['error_code']]
    `,
  );

  assert.deepEqual(error, [404, 40401]);
});

test('messages are consumed until those of all keys are there, and the consumer is deleted', async () => {
  const id = `topic-${randomUUID()}`;
  await createTopics([{ topic: `${id}-response` }]);

  const answer = await runPython(
    { url: gateway(), id },
    `
    from kafka_rest import Consumer, Producer
    producer = Producer(kafka_rest_api_url=url, topic_id=id + '-response')
    producer.produce(['a', 'b', 'c'], 'pke', keys=['1', '2', '3'])
    with Consumer(kafka_rest_api_url=url, topic_id=id) as consumer:
        pages = consumer.consume_all(keys=['1', '3'], interval_sec=0)
    answer = [[record['key'], record['value']['payload']] for page in pages for record in page]
    `,
  );

  assert.deepEqual(answer, [
    ['1', 'a'],
    ['3', 'c'],
  ]);
});
