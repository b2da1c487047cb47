import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { call, configure } from '../../harness/http/gateway.ts';
import { base64, mediaTypes, post, produce, produceText } from '../../harness/http/requests.ts';
import { readWithJava } from '../../harness/kafka/java-clients.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

test('binary keys and values are the bytes that their base64 stands for', async () => {
  const topic = await createTopic();

  const answer = await post(`/topics/${topic}`, 'binary', {
    records: [{ key: base64(everyByte), value: base64(everyByte) }, { value: 'AP8' }],
  });

  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], mediaTypes.generic);
  const [first, second] = await readWithJava(topic);
  assert.deepEqual([first.key, first.value], [everyByte, everyByte]);
  assert.deepEqual([second.key, second.value], [null, Buffer.from([0, 255])]);
});

test('the answer has partition, offset and time of each record, with nulls written out', async () => {
  const topic = await createTopic();

  const { text } = await post(`/topics/${topic}`, 'text', { records: [{ value: 'a' }, { value: 'b' }] });

  const stored = await readTopic(topic);
  const [a, b] = stored.map(({ timestamp }) => timestamp);
  assert.equal(
    text,
    `{"offsets":[{"partition":0,"offset":0,"timestamp":${a},"error_code":null,"error":null},` +
      `{"partition":0,"offset":1,"timestamp":${b},"error_code":null,"error":null}],"key_schema_id":null,"value_schema_id":null}`,
  );
});

test('JSON keys and values reach Kafka as sent, minus insignificant whitespace', async () => {
  const topic = await createTopic();
  const body = `{ "records" : [ { "key" : { "id" : 1 } , "value" : { "price" : 1.10 , "big" : 12345678901234567890 , "huge" : 1e400 ,
    "tiny" : -0.0 , "b" : 1 , "a" : 2 , "a" : 3 , "text" : "two  spaces \\u00e9 \\/ ü" , "list" : [ 1.0 , [ ] , { } , null , true ] } } ] }`;

  const answer = await post(`/topics/${topic}`, 'json', body);

  assert.equal(answer.status, 200, answer.text);
  const [record] = await readWithJava(topic);
  assert.equal(record.key?.toString(), '{"id":1}');
  assert.equal(
    record.value?.toString(),
    '{"price":1.10,"big":12345678901234567890,"huge":1e400,"tiny":-0.0,"b":1,"a":2,"a":3,' +
      '"text":"two  spaces \\u00e9 \\/ ü","list":[1.0,[],{},null,true]}',
  );
});

test('any JSON is a value, not objects only', async () => {
  const topic = await createTopic();
  const values = ['0', '-1.50', 'true', 'false', '"text"', '""', '[]', '{}', '[1,2]'];

  await post(`/topics/${topic}`, 'json', `{"records":[${values.map((value) => `{"value":${value}}`)}]}`);

  const stored = await readTopic(topic);
  assert.deepEqual(
    stored.map(({ value }) => value?.toString()),
    values,
  );
});

test('text keys and values are UTF-8 in Kafka', async () => {
  const topic = await createTopic();

  await produce(topic, 'text', [{ key: 'Schlüssel "1"', value: 'Grüße 🙂\n\u0000\u2028' }]);

  const [record] = await readTopic(topic);
  assert.equal(record.key?.toString(), 'Schlüssel "1"');
  assert.equal(record.value?.toString(), 'Grüße 🙂\n\u0000\u2028');
});

for (const format of ['binary', 'json', 'text'] as const) {
  test(`null, empty and absent stay apart in ${format}`, async () => {
    const topic = await createTopic();
    const empty = format === 'json' ? '""' : '';

    await produce(topic, format, [
      { key: null, value: null },
      { key: '', value: '' },
      {},
      { key: format === 'binary' ? 'aw==' : 'k', value: null },
    ]);

    const stored = await readTopic(topic);
    assert.deepEqual(
      stored.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null]),
      [
        [null, null],
        [empty, empty],
        [null, null],
        [format === 'json' ? '"k"' : 'k', null],
      ],
    );
  });
}

for (const contentType of [
  'application/vnd.kafka.v2+json',
  'application/vnd.kafka.v1+json',
  'application/vnd.kafka+json',
  'application/vnd.kafka.binary.v1+json',
  'Application/VND.Kafka.Binary.v2+JSON; charset=utf-8',
]) {
  test(`${contentType} is binary`, async () => {
    const topic = await createTopic();

    const answer = await post(
      `/topics/${topic}`,
      'binary',
      { records: [{ value: base64('x') }] },
      { headers: { 'content-type': contentType } },
    );

    assert.equal(answer.status, 200, answer.text);
    const [record] = await readTopic(topic);
    assert.equal(record.value?.toString(), 'x');
  });
}

test('a gzipped body is inflated', async () => {
  const topic = await createTopic();
  const body = gzipSync(JSON.stringify({ records: [{ value: 'zipped' }] }));

  const answer = await call('POST', `/topics/${topic}`, { headers: { 'content-type': mediaTypes.text, 'content-encoding': 'gzip' }, body });

  assert.equal(answer.status, 200, answer.text);
  const [record] = await readTopic(topic);
  assert.equal(record.value?.toString(), 'zipped');
});

test('headers keep their order, duplicates, nulls, empty values and names beyond ASCII', async () => {
  const topic = await createTopic();
  const headers = [
    { key: 'trace', value: base64('1') },
    { key: 'größe-🙂', value: base64(everyByte) },
    { key: 'trace', value: base64('2') },
    { key: 'null', value: null },
    { key: 'trace', value: '' },
    { key: '', value: base64('no name') },
  ];

  await produce(topic, 'json', [
    { value: 1, headers },
    { value: 2, headers: [] },
    { value: 3, headers: null },
  ]);

  const stored = await readWithJava(topic);
  assert.deepEqual(
    stored[0].headers.map(({ key, value }) => ({ key, value: value === null ? null : base64(value) })),
    headers,
  );
  assert.deepEqual(
    stored.slice(1).flatMap((record) => record.headers),
    [],
  );
});

test('timestamps are Unix milliseconds or ISO 8601, and the answer repeats them', async () => {
  const topic = await createTopic();
  const times = [0, 1_700_000_000_123, '2024-02-29T12:00:00.5+01:00', '2024-02-29', '2024-02-29T11:00Z'];
  const expected = [0, 1_700_000_000_123, Date.UTC(2024, 1, 29, 11, 0, 0, 500), Date.UTC(2024, 1, 29), Date.UTC(2024, 1, 29, 11)];

  const results = await produce(
    topic,
    'text',
    times.map((timestamp) => ({ value: 'x', timestamp })),
  );

  assert.deepEqual(
    results.map(({ timestamp }) => timestamp),
    expected,
  );
  const stored = await readTopic(topic);
  assert.deepEqual(
    stored.map(({ timestamp }) => timestamp),
    expected,
  );
});

test('a topic that keeps the time of appending answers with that', async () => {
  const topic = await createTopic({ configs: { 'message.timestamp.type': 'LogAppendTime' } });

  const { timestamp } = await produceText(topic, 'x');
  const [told] = await produce(topic, 'text', [{ value: 'y', timestamp: 1 }]);

  const stored = await readTopic(topic);
  assert.deepEqual(
    [timestamp, told.timestamp],
    stored.map((record) => record.timestamp),
  );
  assert.notEqual(told.timestamp, 1);
});
