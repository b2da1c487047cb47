import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { deleteRecordsBelow } from '../../harness/kafka/delete-records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka(), {
  GATEWAY_GRANTS: JSON.stringify([{ principal: '*', operations: ['*'], topics: ['topic-*'] }]),
});

test('of several topics, each is counted over its partitions, without what was deleted; what does not exist is left out', async () => {
  const [full, empty, trimmed] = [await createTopic({ partitions: 3 }), await createTopic(), await createTopic()];
  await produce(
    full,
    'text',
    [0, 1, 1, 2].map((partition, i) => ({ value: 'x', partition, timestamp: 10_000 + i * 1000 })),
  );
  await produce(trimmed, 'text', [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
  await deleteRecordsBelow(trimmed, 2);

  const { status, json } = await call('GET', `/topics/${full},${empty},topic-not-there,${trimmed}/summary`, { query: 'since=12000' });

  assert.equal(status, 200);
  assert.deepEqual(json, [
    { topic: full, partitions: 3, offsets: 4, offsets_since: 2 },
    { topic: empty, partitions: 1, offsets: 0, offsets_since: 0 },
    { topic: trimmed, partitions: 1, offsets: 1, offsets_since: 1 },
  ]);
});

test('it needs a grant on every topic', async () => {
  const { status } = await call('GET', `/topics/${await createTopic()},secret/summary`);

  assert.equal(status, 403);
});
