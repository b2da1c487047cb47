import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenAPIClientAxios } from 'openapi-client-axios';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { gateway } from './gateway.ts';

// npm's openapi-client-axios makes a client of what /openapi.json says, with a method for each operation.

test('records are produced by the operations of the description', async () => {
  const topic = await createTopic();
  const client = await new OpenAPIClientAxios({ definition: `${gateway()}/openapi.json` }).init();
  const headers = { 'content-type': 'application/vnd.kafka.json.v2+json' };

  const written = await client.produce({ topic }, { records: [{ key: 'k', value: { at: 21.5 } }] }, { headers });
  const several = await client.produceToTopics(undefined, { records: [{ topic, value: 'Grüße' }] }, { headers });
  const read = await client.fetchRecords({ topic, partition: 0, offset: 0 }, undefined, {
    headers: { accept: 'application/vnd.kafka.json.v2+json' },
  });
  const records = await readTopic(topic);

  assert.deepEqual([written.status, several.status, several.data.offsets[0].offset], [200, 200, 1]);
  assert.deepEqual(
    records.map(({ key, value }) => [key?.toString() ?? null, JSON.parse(String(value))]),
    [
      ['"k"', { at: 21.5 }],
      [null, 'Grüße'],
    ],
  );
  assert.deepEqual(
    read.data.map(({ value }: { value: unknown }) => value),
    [{ at: 21.5 }, 'Grüße'],
  );
});

test('topics are created, found and deleted by the operations of the description', async () => {
  const topic = await createTopic();
  const client = await new OpenAPIClientAxios({ definition: `${gateway()}/openapi.json` }).init();
  const [{ cluster_id: cluster }] = (await client.listClusters()).data.data;

  const found = await client.getV3Topic({ cluster, topic });
  const deleted = await client.deleteTopic({ cluster, topic });

  assert.deepEqual([found.data.topic_name, found.data.partitions_count, deleted.status], [topic, 1, 204]);
});
