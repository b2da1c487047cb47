import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, produce } from '../../harness/http/requests.ts';
import { deleteRecordsBelow } from '../../harness/kafka/delete-records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

/** Partition 0 has five records at 10000, 11000 … 14000, partition 1 one at 12500, partition 2 none. */
let topic: string;

before(async () => {
  topic = await createTopic({ partitions: 3 });
  const records = Array.from({ length: 5 }, (_, i) => ({ value: 'x', timestamp: 10_000 + i * 1000, partition: 0 }));
  await produce(topic, 'text', [...records, { value: 'x', timestamp: 12_500, partition: 1 }]);
});

test('a partition’s bounds are its first offset and the one to be written next', async () => {
  const answer = await call('GET', `/topics/${topic}/partitions/0/offsets`);

  assert.deepEqual([answer.status, answer.text], [200, '{"beginning_offset":0,"end_offset":5}']);
  assert.equal(answer.headers['content-type'], mediaTypes.generic);
});

test('a log begins where records were deleted', async () => {
  const trimmed = await createTopic();
  await produce(trimmed, 'text', [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
  await deleteRecordsBelow(trimmed, 2);

  const bounds = await call('GET', `/topics/${trimmed}/partitions/0/offsets`);
  const earliest = await call('GET', `/topics/${trimmed}/partitions/0/offsets`, { query: 'timestamp=-2' });

  assert.deepEqual(bounds.json, { beginning_offset: 2, end_offset: 3 });
  assert.deepEqual(earliest.json, { offset: 2, timestamp: -1 });
});

for (const [timestamp, offset, at] of [
  ['0', 0, 10_000],
  ['10000', 0, 10_000],
  ['10001', 1, 11_000],
  ['14000', 4, 14_000],
  ['14001', -1, -1],
  ['9007199254740991', -1, -1],
  ['-1', 5, -1],
  ['-2', 0, -1],
  ['1970-01-01T00:00:12Z', 2, 12_000],
  ['1970-01-01T01:00:12.5%2B01:00', 3, 13_000],
] as const) {
  test(`?timestamp=${timestamp} is offset ${offset}`, async () => {
    const answer = await call('GET', `/topics/${topic}/partitions/0/offsets`, { query: `timestamp=${timestamp}` });

    assert.deepEqual([answer.status, answer.text], [200, `{"offset":${offset},"timestamp":${at}}`]);
  });
}

test('a whole topic answers with each of its partitions, in order', async () => {
  const bounds = await call('GET', `/topics/${topic}/offsets`);
  const atTime = await call('GET', `/topics/${topic}/offsets`, { query: 'timestamp=12000' });
  const end = await call('GET', `/topics/${topic}/offsets`, { query: 'timestamp=-1' });

  assert.deepEqual(bounds.json, [
    { partition: 0, beginning_offset: 0, end_offset: 5 },
    { partition: 1, beginning_offset: 0, end_offset: 1 },
    { partition: 2, beginning_offset: 0, end_offset: 0 },
  ]);
  assert.deepEqual(atTime.json, [
    { partition: 0, offset: 2, timestamp: 12_000 },
    { partition: 1, offset: 0, timestamp: 12_500 },
    { partition: 2, offset: -1, timestamp: -1 },
  ]);
  assert.deepEqual(
    Object(end.json).map(({ offset }: { offset: number }) => offset),
    [5, 1, 0],
  );
});

test('the answer is plain JSON for who asks for that', async () => {
  const answer = await call('GET', `/topics/${topic}/offsets/`, { headers: { accept: 'application/json' } });

  assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'application/json']);
});

test('an unknown topic or partition is 404', async () => {
  const unknown = { status: 404, code: 40401, message: /no topic topic-.*-not/ };

  assertRefused(await call('GET', `/topics/${topic}-not/offsets`), unknown);
  assertRefused(await call('GET', `/topics/${topic}-not/partitions/0/offsets`), unknown);
  const partition = await call('GET', `/topics/${topic}/partitions/3/offsets`, { query: 'timestamp=0' });
  assertRefused(partition, { status: 404, code: 40402, message: /no partition 3, as it has 3/ });
});

for (const timestamp of ['-3', 'now', '1.5', '', '2024-13-01']) {
  test(`?timestamp=${timestamp} is refused`, async () => {
    const answer = await call('GET', `/topics/${topic}/partitions/0/offsets`, { query: { timestamp } });

    assertRefused(answer, { status: 400, code: 400, message: /timestamp must be an integer from -2 to -1, or a time/ });
  });
}

test('a stray body and content type do no harm', async () => {
  const answer = await call('GET', `/topics/${topic}/partitions/2/offsets`, { headers: { 'content-type': 'text/x' }, body: 'stray' });

  assert.deepEqual(answer.json, { beginning_offset: 0, end_offset: 0 });
});
