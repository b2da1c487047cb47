import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { base64, fetchPage, mediaTypes, produce } from '../../harness/http/requests.ts';
import { writeWithJava } from '../../harness/kafka/java-clients.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const notText = Buffer.from([0xff, 0xfe, 0x00]);

test('what another client wrote is shown in each format', async () => {
  const topic = await createTopic();
  const headers = [
    { key: 'größe', value: Buffer.from('1') },
    { key: 'größe', value: null },
  ];
  await writeWithJava(topic, [{ key: Buffer.from('"k"'), value: Buffer.from(' { "a" : 1.10 } '), headers, timestamp: 5 }]);

  const [binary] = (await fetchPage(topic, 'binary', 'offset=0')).json;
  const { text: json } = await fetchPage(topic, 'json', 'offset=0');
  const [text] = (await fetchPage(topic, 'text', 'offset=0')).json;

  const shownHeaders = [
    { key: 'größe', value: base64('1') },
    { key: 'größe', value: null },
  ];
  assert.deepEqual(binary, {
    topic,
    partition: 0,
    offset: 0,
    timestamp: 5,
    key: base64('"k"'),
    value: base64(' { "a" : 1.10 } '),
    headers: shownHeaders,
  });
  assert.match(json, /"key":"k","value": \{ "a" : 1\.10 \} ,"headers":/);
  assert.deepEqual([text.key, text.value, text.headers], ['"k"', ' { "a" : 1.10 } ', shownHeaders]);
});

for (const accept of ['*/*', 'application/*', mediaTypes.generic, 'application/vnd.kafka.v1+json', 'text/html, */*;q=0.1']) {
  test(`Accept: ${accept} is answered in base64`, async () => {
    const topic = await createTopic();
    await produce(topic, 'text', [{ value: 'x' }]);

    const page = await call('GET', `/topics/${topic}/partitions/0/records`, { query: 'offset=0', headers: { accept } });

    assert.equal(page.status, 200, page.text);
    assert.match(page.text, /"value":"eA=="/);
  });
}

test('of several acceptable formats the one of highest quality is chosen', async () => {
  const topic = await createTopic();
  await produce(topic, 'text', [{ value: '1.10' }]);
  const headers = { accept: `${mediaTypes.binary};q=0.3, ${mediaTypes.json};q=0.9, ${mediaTypes.text};q=0.5` };

  const page = await call('GET', `/topics/${topic}/partitions/0/records`, { query: 'offset=0', headers });

  assert.equal(page.headers['content-type'], mediaTypes.json);
  assert.match(page.text, /"value":1\.10,/);
});

for (const accept of ['text/html', 'application/vnd.kafka.avro.v2+json', 'application/json', '*/*;q=0']) {
  test(`Accept: ${accept} is 406`, async () => {
    const topic = await createTopic();

    const page = await call('GET', `/topics/${topic}/partitions/0/records`, { query: 'offset=0&timeout=0', headers: { accept } });

    assert.equal(page.status, 406, page.text);
    assert.match(
      page.text,
      /"error_code":406,"message":"None of the media types in Accept is available. Available: application\/vnd\.kafka\.binary\.v2\+json/,
    );
  });
}

test('a record that is not JSON is shown as bytes with its error, and blocks no other', async () => {
  const topic = await createTopic();
  const values = [Buffer.from('{"a":1}'), notText, Buffer.from('{"a":'), Buffer.from(''), Buffer.from('2'), null];
  await writeTopic(
    topic,
    values.map((value) => ({ key: Buffer.from('1'), value })),
  );

  const { status, json } = await fetchPage(topic, 'json', 'offset=0');

  assert.equal(status, 200);
  assert.deepEqual(
    json.map(({ value, raw_value, error }) => [value, raw_value, error?.error_code]),
    [
      [{ a: 1 }, undefined, undefined],
      [null, base64(notText), 40801],
      [null, base64('{"a":'), 40801],
      [null, '', 40801],
      [2, undefined, undefined],
      [null, undefined, undefined],
    ],
  );
  const [, bad] = json;
  assert.deepEqual([bad.key, bad.raw_key], [1, null]);
  assert.match(bad.error?.message ?? '', /The value is not JSON: raw_value has its bytes in base64/);
});

test('a key that is not JSON is shown as bytes, next to a value that is', async () => {
  const topic = await createTopic();
  await writeTopic(topic, [{ key: Buffer.from('plain text'), value: Buffer.from('{"a":1}') }]);

  const [record] = (await fetchPage(topic, 'json', 'offset=0')).json;

  assert.deepEqual([record.key, record.raw_key, record.value, record.raw_value], [null, base64('plain text'), { a: 1 }, null]);
});

test('bytes that are not UTF-8 are shown as bytes in text', async () => {
  const topic = await createTopic();
  await writeTopic(topic, [
    { key: notText, value: notText },
    { key: null, value: Buffer.from('grüße') },
  ]);

  const [bad, good] = (await fetchPage(topic, 'text', 'offset=0')).json;

  assert.deepEqual([bad.key, bad.value, bad.raw_key, bad.raw_value], [null, null, base64(notText), base64(notText)]);
  assert.match(bad.error?.message ?? '', /not UTF-8/);
  assert.deepEqual([good.key, good.value], [null, 'grüße']);
});

test('strip-schema-header cuts a registry’s header off values, and nothing else', async () => {
  const topic = await createTopic();
  const header = Buffer.from([0, 0, 0, 0, 7]);
  const values = [Buffer.concat([header, Buffer.from('{"a":1}')]), Buffer.from('{"b":2}'), Buffer.from([0, 1, 2]), header, null];
  await writeTopic(
    topic,
    values.map((value) => ({ key: Buffer.concat([header, Buffer.from('k')]), value })),
  );

  const stripped = (await fetchPage(topic, 'binary', 'offset=0&strip-schema-header=true')).json;
  const whole = (await fetchPage(topic, 'binary', 'offset=0')).json;

  assert.deepEqual(
    stripped.map(({ value }) => value),
    [base64('{"a":1}'), base64('{"b":2}'), base64(Buffer.from([0, 1, 2])), '', null],
  );
  assert.equal(stripped[0].key, base64(Buffer.concat([header, Buffer.from('k')])));
  assert.equal(whole[0].value, base64(Buffer.concat([header, Buffer.from('{"a":1}')])));
});

test('a schema format is not acceptable yet, and the error says what is', async () => {
  const topic = await createTopic();

  const page = await call('GET', `/topics/${topic}/partitions/0/records`, {
    query: 'offset=0',
    headers: { accept: 'application/vnd.kafka.protobuf.v2+json' },
  });

  assertRefused(page, {
    status: 406,
    code: 406,
    message: /vnd\.kafka\.json\.v2\+json/,
    mediaType: 'application/vnd.kafka.protobuf.v2+json',
  });
});
