import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { gateway } from './gateway.ts';
import { runPython } from './python.ts';

// The client of v3 in PyPI's kafka-mcp.

test('records of every type are produced, with keys, headers and partitions', async () => {
  const topic = await createTopic({ partitions: 2 });

  const reports = await runPython(
    { url: gateway(), topic },
    `
    from kafka_mcp.api_client import Api
    api = Api(url)
    header = {'name': 'source', 'value': 'AP8='}
    reports = [
        api.produce_record(topic, {'at': 21.5}, key='k', key_format='STRING', partition_id=1, headers=[header, header]),
        api.produce_record(topic, 'Grüße', value_format='STRING', partition_id=1),
        api.produce_record(topic, 'AP8=', key='AQ==', value_format='BINARY', partition_id=1),
    ]
    answer = [[report[name] for name in ('error_code', 'topic_name', 'partition_id', 'offset', 'value')] for report in reports]
    `,
  );
  const records = await readTopic(topic);

  assert.deepEqual(reports, [
    [200, topic, 1, 0, { type: 'JSON', size: 11 }],
    [200, topic, 1, 1, { type: 'STRING', size: 7 }],
    [200, topic, 1, 2, { type: 'BINARY', size: 2 }],
  ]);
  const bytes = Buffer.from([0, 255]);
  const header = { key: 'source', value: bytes };
  assert.deepEqual(
    records.map(({ key, value, headers }) => [key, value, headers]),
    [
      [Buffer.from('k'), Buffer.from('{"at":21.5}'), [header, header]],
      [null, Buffer.from('Grüße'), []],
      [Buffer.from([1]), bytes, []],
    ],
  );
});

test('what is produced is read by a request of the client', async () => {
  const topic = await createTopic();

  const read = await runPython(
    { url: gateway(), topic },
    `
    from kafka_mcp.api_client import Api
    api = Api(url)
    api.produce_record(topic, {'at': 21.5}, key='k')
    path = f'topics/{topic}/partitions/0'
    records = api.request('GET', path + '/records', params={'offset': 0}, accept='application/vnd.kafka.json.v2+json')
    answer = [api.request('GET', path + '/offsets'), [[record['offset'], record['key'], record['value']] for record in records]]
    `,
  );

  assert.deepEqual(read, [{ beginning_offset: 0, end_offset: 1 }, [[0, 'k', { at: 21.5 }]]]);
});

test('a topic is created, found, described and deleted', async () => {
  const topic = `topic-${randomUUID()}`;

  const found = await runPython(
    { url: gateway(), topic },
    `
    from kafka_mcp.api_client import Api
    api = Api(url)
    created = api.create_topic(topic, partitions_count=3, configs={'retention.ms': '60000'})
    listed = [item['topic_name'] for item in api.list_topics()['data']]
    configs = {item['name']: item['value'] for item in api.list_topic_configs(topic)['data']}
    answer = {
        'cluster': api.get_cluster()['cluster_id'] == api.cluster_id(),
        'created': [created['topic_name'], created['partitions_count']],
        'listed': topic in listed,
        'described': api.get_topic(topic)['partitions_count'],
        'retention': configs['retention.ms'],
        'partitions': [item['partition_id'] for item in api.list_partitions(topic)['data']],
        'partition': api.get_partition(topic, 2)['partition_id'],
        'brokers': len(api.list_brokers()['data']),
        'deleted': api.delete_topic(topic),
    }
    `,
  );

  assert.deepEqual(found, {
    cluster: true,
    created: [topic, 3],
    listed: true,
    described: 3,
    retention: '60000',
    partitions: [0, 1, 2],
    partition: 2,
    brokers: 1,
    deleted: { status: 'success' },
  });
});

test('errors tell their status and code', async () => {
  const topic = await createTopic();

  const errors = await runPython(
    { url: gateway(), topic },
    `
    import json
    from kafka_mcp.api_client import Api
    api = Api(url)

    def error_of(call, *given):
        try:
            return call(*given)['error_code']
        except Exception as error:
            status, body = str(error).removeprefix('API error: ').split(' - ', 1)
            return [int(status), json.loads(body)['error_code']]

    answer = [
        error_of(api.get_topic, topic + '-not-there'),
        error_of(api.create_topic, topic),
        error_of(api.get_partition, topic, 7),
        error_of(api.get_cluster, 'not-there'),
        error_of(api.produce_record, topic + '-not-there', 'a'),
    ]
    `,
  );

  assert.deepEqual(errors, [[404, 40403], [400, 40002], [404, 40402], [404, 404], 40403]);
});
