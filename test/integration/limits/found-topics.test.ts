import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startTable, type TestTable } from '../../harness/aws/table.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

let table: TestTable;
let topic: string;

before(async () => {
  table = await startTable();
  topic = await createTopic();
  const rules = [
    {
      kind: 'fixed-window',
      key: ['header:x-caller', 'topic'],
      limit: 3,
      window: 86_400,
      topics: topic,
      operations: ['read', 'describe', 'delete'],
    },
  ];
  configure(sharedKafka(), { ...table.environment, GATEWAY_LIMITS: JSON.stringify(rules) });
});
after(() => table?.stop());

/** Sends a request five times. */
async function statuses(method: string, path: string, query: Record<string, string>): Promise<number[]> {
  const headers = { 'x-caller': randomUUID() };
  const found: number[] = [];
  for (let i = 0; i < 5; i++) found.push((await call(method, path, { headers, query })).status);
  return found;
}

test('topics that a pattern matches count as those that are named', async () => {
  const named = await statuses('GET', `/topics/${topic}/records`, { timeout: '0' });
  const matched = await statuses('GET', '/topics/*/records', { 'topics-pattern': topic, timeout: '0' });

  assert.deepEqual(named, [200, 200, 200, 429, 429]);
  assert.deepEqual(matched, named);
});

test("topics of a consumer group's offsets count as one that is named", async () => {
  const group = `counted-${randomUUID()}`;
  const committed = await call('PUT', `/groups/${group}/offsets`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ offsets: [{ topic, partition: 0, offset: 0 }] }),
  });

  const named = await statuses('GET', `/groups/${group}/offsets`, { topic });
  const all = await statuses('GET', `/groups/${group}/offsets`, {});

  assert.equal(committed.status, 200, committed.text);
  assert.deepEqual(named, [200, 200, 200, 429, 429]);
  assert.deepEqual(all, named);
});
