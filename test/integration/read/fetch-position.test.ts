import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { fetchPage, mediaTypes, nextQuery, produce } from '../../harness/http/requests.ts';
import { deleteRecordsBelow } from '../../harness/kafka/delete-records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const mediaType = mediaTypes.text;
const outOfRange = { status: 400, code: 40002, mediaType };

/** Ten records, `0` to `9`, at the times 10000, 11000 … 19000. */
let topic: string;

before(async () => {
  topic = await createTopic({ partitions: 2 });
  const records = Array.from({ length: 10 }, (_, i) => ({ value: String(i), key: 'k', timestamp: 10_000 + i * 1000, partition: 0 }));
  await produce(topic, 'text', records);
});

for (const [query, values, next] of [
  ['offset=0', '0123456789', 10],
  ['offset=7', '789', 10],
  ['offset=earliest', '0123456789', 10],
  ['offset=latest&timeout=0', '', 10],
  ['offset=10&timeout=0', '', 10],
  ['timestamp=0', '0123456789', 10],
  ['timestamp=13000', '3456789', 10],
  ['timestamp=13001', '456789', 10],
  ['timestamp=1970-01-01T00:00:18.5Z', '9', 10],
  ['timestamp=20000&timeout=0', '', 10],
  ['offset=0&limit=3', '012', 3],
  ['offset=8&limit=3', '89', 10],
  ['offset=2&max_bytes=1', '2', 3],
  ['offset=0&max_bytes=6', '012', 3],
] as const) {
  test(`?${query} answers with ${values === '' ? 'no record' : `the records ${values}`} and where to go on`, async () => {
    const page = await fetchPage(topic, 'text', query);

    assert.equal(page.status, 200, page.text);
    assert.equal(page.json.map(({ value }) => value).join(''), values);
    assert.equal(page.headers['kafka-next-offset'], String(next));
    assert.equal(new URLSearchParams(nextQuery(page)).get('offset'), String(next));
  });
}

test('a record has topic, partition, offset, time, key, value and headers', async () => {
  const page = await fetchPage(topic, 'text', 'offset=4&limit=1');

  assert.equal(page.text, `[{"topic":"${topic}","partition":0,"offset":4,"timestamp":14000,"key":"k","value":"4","headers":[]}]`);
  assert.equal(page.headers['content-type'], mediaTypes.text);
  assert.equal(page.headers['kafka-high-watermark'], '10');
  assert.equal(page.headers['kafka-log-start-offset'], '0');
});

test('an empty poll is an empty list that says where the log stands', async () => {
  const page = await fetchPage(topic, 'binary', 'offset=earliest&timeout=0', { partition: 1 });

  assert.deepEqual([page.status, page.text], [200, '[]']);
  assert.deepEqual(
    ['kafka-next-offset', 'kafka-high-watermark', 'kafka-log-start-offset'].map((name) => page.headers[name]),
    ['0', '0', '0'],
  );
});

test('the link keeps the request’s parameters but for the position', async () => {
  const page = await fetchPage(topic, 'text', 'timestamp=10000&limit=2&timeout=5&isolation=read_uncommitted&max_bytes=99&min_bytes=2');

  assert.deepEqual(Object.fromEntries(new URLSearchParams(nextQuery(page))), {
    offset: '2',
    limit: '2',
    timeout: '5',
    isolation: 'read_uncommitted',
    max_bytes: '99',
    min_bytes: '2',
  });
});

test('the log begins where records were deleted', async () => {
  const trimmed = await createTopic();
  await produce(trimmed, 'text', [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
  await deleteRecordsBelow(trimmed, 2);

  const page = await fetchPage(trimmed, 'text', 'offset=earliest');
  const below = await fetchPage(trimmed, 'text', 'offset=1');

  assert.deepEqual([page.json.map(({ value }) => value), page.headers['kafka-log-start-offset']], [['c'], '2']);
  assertRefused(below, {
    ...outOfRange,
    message: /^Offset 1 is outside the log of partition 0 of topic-.* from 2 to 3, which is written next/,
  });
});

test('an offset past the end names the bounds', async () => {
  const page = await fetchPage(topic, 'text', 'offset=11');

  assertRefused(page, { ...outOfRange, message: /^Offset 11 is outside .* from 0 to 10, which is written next/ });
});

test('an unknown topic or partition is 404', async () => {
  const noTopic = await fetchPage(`${topic}-not`, 'text', 'offset=0');
  const noPartition = await fetchPage(topic, 'text', 'offset=0', { partition: 2 });

  assertRefused(noTopic, { status: 404, code: 40401, message: /no topic topic-.*-not/, mediaType });
  assertRefused(noPartition, { status: 404, code: 40402, message: /no partition 2, as it has 2/, mediaType });
});

for (const [query, message] of [
  ['', /either offset .* or timestamp/],
  ['offset=0&timestamp=0', /either offset .* or timestamp/],
  ['offset=-1', /offset must be an integer of at least 0, or earliest or latest/],
  ['offset=1.5', /offset must be/],
  ['offset=9007199254740992', /offset must be/],
  ['offset=first', /offset must be/],
  ['offset=', /offset must be/],
  ['offset=0&offset=1', /offset is given more than once/],
  ['timestamp=yesterday', /timestamp must be a time/],
  ['timestamp=2024-02-30', /timestamp must be a time/],
  ['offset=0&timeout=-1', /timeout must be/],
  ['offset=0&timeout=1s', /timeout must be/],
  ['offset=0&max_bytes=0', /max_bytes must be/],
  ['offset=0&min_bytes=x', /min_bytes must be/],
  ['offset=0&limit=0', /limit must be/],
  ['offset=0&isolation=dirty', /isolation must be read_committed or read_uncommitted/],
  ['offset=0&strip-schema-header=yes', /strip-schema-header must be true or false/],
] as const) {
  test(`?${query} is refused`, async () => {
    const page = await fetchPage(topic, 'text', query);

    assertRefused(page, { status: 400, code: 400, message, mediaType });
  });
}
