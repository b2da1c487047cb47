import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { gateway } from './gateway.ts';
import { runPython } from './python.ts';

// PyPI's pymapr-kafkarest, a client of v2 for HPE's Kafka REST. It sends what it is given four times: it goes on after each success.

test('messages are produced as JSON, to any partition or to the one that is named', async () => {
  const topic = await createTopic({ partitions: 2 });

  const error = await runPython(
    { url: `${gateway()}/`, topic },
    `
    from pymapr_kafkarest.kafkarest import MaprKProducer
    producer = MaprKProducer(url, headers={})
    producer.produce([{'key': 'k', 'value': {'at': 21.5, 'name': 'Grüße'}}], topic=topic, partition=1)
    answer = None
    `,
  );
  const records = await readTopic(topic);

  assert.equal(error, null);
  assert.deepEqual(
    records.map(({ partition, key, value }) => [partition, String(key), JSON.parse(String(value))]),
    Array.from({ length: 4 }, () => [1, '"k"', { at: 21.5, name: 'Grüße' }]),
  );
});

test('messages are consumed from where the instance is, and again from the beginning', async () => {
  const topic = await createTopic();

  const answer = await runPython(
    { url: `${gateway()}/`, topic },
    `
    from pymapr_kafkarest.kafkarest import MaprKlient, MaprKProducer
    client = MaprKlient(url, 'of-' + topic, headers={}, topics=[topic], instance='reader')
    client.connect()
    client.connect(clear=True)
    client.subscribe()
    MaprKProducer(url, headers={}).produce([{'value': {'at': 21.5}}], topic=topic)
    values = [[record['value'] for record in client.consume(seek=seek)] for seek in [None, None, True]]
    subscribed = client._subscription_topics()['topics']
    client._instance_delete()
    answer = [values, subscribed == [topic], client._subscription_topics()]
    `,
  );

  const values = Array.from({ length: 4 }, () => ({ at: 21.5 }));
  assert.deepEqual(answer, [[values, [], values], true, {}]);
});
