import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { base64 } from '../../harness/http/requests.ts';
import { clusterId, type Line, linesOf, postJson, stream } from '../../harness/http/v3.ts';
import { readWithJava } from '../../harness/kafka/java-clients.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const text = (data: string | null) => ({ type: 'STRING', data });
const codesOf = (lines: Line[]) => lines.map(({ error_code }) => error_code);

test('records of every type reach Kafka as they were sent, with headers, times and partitions', async () => {
  const topic = await createTopic({ partitions: 2 });
  const bytes = randomBytes(300);

  const answer = await stream(topic, [
    `{"partition_id":1,"key":{"type":"JSON","data":{"id" : 1.50}},"value":{"type":"JSON","data":[12345678901234567890, "é"]}}`,
    { partition_id: 1, value: { data: base64(bytes), type: 'BINARY' }, timestamp: '2025-01-31T12:00:00.5Z' },
    { partition_id: 1, key: text(''), value: text('Grüße'), headers: [{ name: 'a', value: base64('1') }, { name: 'a' }] },
    { partition_id: 1 },
  ]);

  assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'application/json']);
  const lines = linesOf(answer);
  assert.deepEqual(
    lines.map(({ offset, key, value }) => [offset, key, value]),
    [
      [0, { type: 'JSON', size: 11 }, { type: 'JSON', size: 27 }],
      [1, undefined, { type: 'BINARY', size: 300 }],
      [2, { type: 'STRING', size: 0 }, { type: 'STRING', size: 7 }],
      [3, undefined, undefined],
    ],
  );
  assert.equal(lines[1].timestamp, '2025-01-31T12:00:00.500Z');
  const stored = await readWithJava(topic);
  assert.deepEqual(
    stored.map(({ partition, offset, key, value }) => [partition, offset, key?.toString() ?? null, value?.toString('latin1') ?? null]),
    [
      [1, 0, '{"id":1.50}', Buffer.from('[12345678901234567890,"é"]').toString('latin1')],
      [1, 1, null, bytes.toString('latin1')],
      [1, 2, '', Buffer.from('Grüße').toString('latin1')],
      [1, 3, null, null],
    ],
  );
  assert.equal(stored[1].timestamp, Date.parse('2025-01-31T12:00:00.500Z'));
  assert.deepEqual(
    stored[2].headers.map(({ key, value }) => [key, value?.toString() ?? null]),
    [
      ['a', '1'],
      ['a', null],
    ],
  );
});

test('ten thousand records keep their order, and so do their lines', async () => {
  const topic = await createTopic({ partitions: 2 });
  const records = Array.from({ length: 10_000 }, (_, i) => ({ partition_id: i % 2, value: text(`${i}`) }));

  const lines = linesOf(await stream(topic, records));

  assert.deepEqual(
    lines.map(({ partition_id, offset }) => [partition_id, offset]),
    records.map(({ partition_id }, i) => [partition_id, Math.floor(i / 2)]),
  );
  const stored = await readTopic(topic);
  for (const partition of [0, 1]) {
    assert.deepEqual(
      stored.filter((record) => record.partition === partition).map(({ value }) => value?.toString()),
      records.filter(({ partition_id }) => partition_id === partition).map(({ value }) => value.data),
    );
  }
});

test('the same key goes where v2 sends it', async () => {
  const topic = await createTopic({ partitions: 12 });
  const keys = Array.from({ length: 20 }, (_, i) => `key-${i}`);

  const lines = linesOf(
    await stream(
      topic,
      keys.map((key) => ({ key: text(key), value: text('v3') })),
    ),
  );
  const v2 = await call<{ offsets: { partition: number }[] }>('POST', `/topics/${topic}`, {
    headers: { 'content-type': 'application/vnd.kafka.text.v2+json' },
    body: JSON.stringify({ records: keys.map((key) => ({ key, value: 'v2' })) }),
  });

  assert.deepEqual(
    lines.map(({ partition_id }) => partition_id),
    v2.json.offsets.map(({ partition }) => partition),
  );
});

test('malformed JSON ends the stream: what stands before it is written', async () => {
  const topic = await createTopic();

  const answer = await stream(topic, [
    { value: text('a') },
    '{"value":{"type":"BINARY","data":"*"}}',
    { value: text('b') },
    '{"value"',
    '{}',
  ]);

  assert.equal(answer.status, 200);
  assert.deepEqual(codesOf(linesOf(answer)), [200, 400, 200, 400]);
  assert.match(linesOf(answer)[3].message ?? '', /^Malformed JSON: expected ':' at byte/);
  assert.deepEqual(
    (await readTopic(topic)).map(({ value }) => value?.toString()),
    ['a', 'b'],
  );
});

test('records that Kafka refuses fail by themselves', async () => {
  const topic = await createTopic({ configs: { 'max.message.bytes': '1000' } });

  const lines = linesOf(
    await stream(topic, [
      { value: text('a') },
      { value: text('x'.repeat(2000)) },
      { partition_id: 1 },
      { partition_id: -1 },
      { value: text('b') },
    ]),
  );

  assert.deepEqual(codesOf(lines), [200, 413, 40402, 40402, 200]);
  assert.deepEqual([lines[0].offset, lines[4].offset], [0, 1]);
});

test('a topic that is not there is told in every line, at once', async () => {
  const lines = linesOf(await stream('no-such-topic', [{}, {}]));

  assert.deepEqual(lines, Array(2).fill({ error_code: 40403, message: 'There is no topic no-such-topic: create it, or check its name' }));
});

test('another cluster is 404, and nothing is written', async () => {
  const topic = await createTopic();

  const answer = await postJson(`/v3/clusters/other/topics/${topic}/records`, '{}');

  assertRefused(answer, { status: 404, code: 404, message: /^Cluster other cannot be found\.$/, mediaType: 'application/json' });
  assert.deepEqual(await readTopic(topic), []);
});

test('a compressed stream is read, and records are compressed as asked', async () => {
  const topic = await createTopic();
  const body = gzipSync(`{"value":${JSON.stringify(text('x'.repeat(5000)))}}`);

  const answer = await call('POST', `/v3/clusters/${await clusterId()}/topics/${topic}/records/`, {
    headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    query: 'compression=zstd&acks=1',
    body,
  });

  assert.deepEqual(codesOf(linesOf(answer)), [200]);
  assert.equal((await readWithJava(topic))[0].value?.length, 5000);
});

test('a batch is written, and what fails in it is told by its id', async () => {
  const topic = await createTopic();
  const entries = [
    { id: 'one', key: text('k'), value: text('a') },
    { id: 'two', value: { type: 'BINARY', data: '*' } },
    { id: 'three', partition_id: 9 },
    { id: 'four', value: text('b') },
  ];

  const answer = await postJson<{ successes: (Line & { id: string })[]; failures: (Line & { id: string })[] }>(
    `/v3/clusters/${await clusterId()}/topics/${topic}/records:batch`,
    { entries },
  );

  assert.equal(answer.status, 207);
  assert.deepEqual(
    answer.json.successes.map(({ id, offset }) => [id, offset]),
    [
      ['one', 0],
      ['four', 1],
    ],
  );
  assert.deepEqual(
    answer.json.failures.map(({ id, error_code }) => [id, error_code]),
    [
      ['two', 400],
      ['three', 40402],
    ],
  );
  assert.deepEqual(
    (await readTopic(topic)).map(({ key, value }) => [key?.toString() ?? null, value?.toString()]),
    [
      ['k', 'a'],
      [null, 'b'],
    ],
  );
});
