import assert from 'node:assert/strict';
import { test } from 'node:test';
import KafkaRest from 'kafka-rest';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { ask, refusal } from './ask.ts';
import { gateway } from './gateway.ts';

// npm's kafka-rest, Confluent's client of v1 of the API.

const client = () => new KafkaRest({ url: gateway() });

test('strings, bytes and nulls are produced, with and without keys', async () => {
  const name = await createTopic();
  const topic = client().topic(name);
  const bytes = Buffer.from([0, 255, 128]);

  const { offsets } = await ask(topic, topic.produce, ['plain ü', { key: 'k', value: bytes }, { key: 'gone', value: null }]);
  const records = await readTopic(name);

  assert.deepEqual(
    offsets.map(({ partition, offset, error_code, error }) => [partition, offset, error_code, error]),
    [0, 1, 2].map((offset) => [0, offset, null, null]),
  );
  assert.deepEqual(
    records.map(({ key, value }) => [key, value]),
    [
      [null, Buffer.from('plain ü')],
      [Buffer.from('k'), bytes],
      [Buffer.from('gone'), null],
    ],
  );
});

test('messages go to the partition that they name, or that is asked; the same key meets the same partition', async () => {
  const name = await createTopic({ partitions: 4 });
  const topic = client().topic(name);
  const last = client().topicPartition(name, 3);

  const named = await ask(topic, topic.produce, [
    { value: 'a', partition: 2 },
    { value: 'b', partition: 1 },
  ]);
  const asked = await ask(last, last.produce, ['a']);
  const keyed = await ask(
    topic,
    topic.produce,
    Array.from({ length: 5 }, () => ({ key: 'sensor-1', value: 'v' })),
  );

  assert.deepEqual(
    [...named.offsets, ...asked.offsets].map(({ partition }) => partition),
    [2, 1, 3],
  );
  assert.equal(new Set(keyed.offsets.map(({ partition }) => partition)).size, 1);
});

test('topics, partitions and brokers are listed and described', async () => {
  const name = await createTopic({ partitions: 2 });
  const { topics, brokers } = client();
  const { partitions } = client().topic(name);

  const listed = await ask(topics, topics.list);
  const described = await ask(topics, topics.get, name);
  const both = await ask(partitions, partitions.list);
  const second = await ask(partitions, partitions.get, 1);
  const known = await ask(brokers, brokers.list);

  const [{ id: broker }] = known;
  const raw = (partition: number) => ({ partition, leader: broker, replicas: [{ broker, leader: true, in_sync: true }] });
  assert.ok(listed.some((topic) => topic.name === name));
  assert.equal(described.toString(), `Topic{name="${name}", partitions=2}`);
  assert.deepEqual(described.raw.partitions, [raw(0), raw(1)]);
  assert.equal(described.raw.configs['cleanup.policy'], 'delete');
  assert.deepEqual(
    both.map((partition) => partition.raw),
    [raw(0), raw(1)],
  );
  assert.equal(second.toString(), `Partition{topic="${name}", id=1, leader=${broker}, replicas=1}`);
  assert.equal(known.length, 1);
});

test('a partition is read from an offset on, message by message or several at once', async () => {
  const partition = client().topicPartition(await createTopic(), 0);
  await ask(partition, partition.produce, ['a', { key: 'k', value: 'b' }, 'c']);

  const one = await ask(partition, partition.messages, { offset: 1 });
  const all = await ask(partition, partition.messages, { offset: 0, count: 10, format: 'binary' });
  const end = await ask(partition, partition.messages, { offset: 3, count: 10 });

  assert.deepEqual(
    [...one, ...all].map(KafkaRest.BinarySchema.decodeMessage).map(({ offset, key, value }) => [offset, key && `${key}`, `${value}`]),
    [
      [1, 'k', 'b'],
      [0, null, 'a'],
      [1, 'k', 'b'],
      [2, null, 'c'],
    ],
  );
  assert.deepEqual(end, []);
});

test('errors carry their status and their code', async () => {
  const name = await createTopic();
  const nowhere = client().topic(`${name}-not-there`);
  const { partitions } = client().topic(name);
  const absent = partitions.partition(7);
  const present = partitions.partition(0);

  const refusals = await Promise.all([
    ask(nowhere, nowhere.get).catch(refusal),
    ask(nowhere, nowhere.produce, ['a']).catch(refusal),
    ask(absent, absent.get).catch(refusal),
    ask(absent, absent.produce, ['a']).catch(refusal),
    ask(present, present.messages, { offset: 99 }).catch(refusal),
  ]);

  assert.deepEqual(refusals, [
    ['APIError', 404, 40401],
    ['APIError', 404, 40401],
    ['APIError', 404, 40402],
    ['APIError', 404, 40402],
    ['APIError', 400, 40002],
  ]);
});

test('a message for a partition that does not exist fails alone', async () => {
  const topic = client().topic(await createTopic());

  const { offsets } = await ask(topic, topic.produce, [
    { value: 'a', partition: 0 },
    { value: 'b', partition: 9 },
  ]);

  assert.deepEqual(
    offsets.map(({ partition, offset, error_code }) => [partition, offset, error_code]),
    [
      [0, 0, null],
      [null, null, 40402],
    ],
  );
});
