import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mediaTypes } from '../../../lib/http/media-types.ts';
import { call, configure, type RequestParts } from '../../harness/http/gateway.ts';
import { linesOf, stream } from '../../harness/http/v3.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const bom = '\ufeff';
const json = { 'content-type': 'application/json' };
const keyed = { 'content-type': mediaTypes.json };
const textOf = (bytes: Buffer | null): string | null => bytes?.toString() ?? null;

async function send(path: string, parts: RequestParts): Promise<number> {
  const { status, text } = await call('POST', path, parts);
  assert.equal(status, 200, text);
  return status;
}

test('JSON stays byte for byte where the request says so, on every route of raw bodies', async () => {
  const topic = await createTopic();
  const body = '{\n  "id": "evt_1",\n  "amount": 10.50\n}\n';

  await send(`/topics/${topic}`, { headers: json, query: 'json=verbatim&key-path=id', body });
  await send(`/topics/${topic}/partitions/0`, { headers: { 'content-type': 'application/hal+json' }, query: 'json=verbatim', body });
  await send('/records', { headers: { ...json, 'kafka-topic': topic }, query: 'json=verbatim', body: bom + body });

  const records = await readTopic(topic);
  assert.deepEqual(
    records.map(({ value }) => textOf(value)),
    [body, body, bom + body],
  );
  assert.equal(textOf(records[0].key), 'evt_1');
  const malformed = await call('POST', `/topics/${topic}`, { headers: json, query: 'json=verbatim', body: '{"a":' });
  assert.equal(malformed.status, 400);
});

test('application/json is records of the binary format where the request says so, but for CloudEvents', async () => {
  const topic = await createTopic();
  const [query, body] = ['json=records', '{"records":[{"key":"aw==","value":"dmFs"},{"value":null}]}'];

  await send(`/topics/${topic}`, { headers: json, query, body });
  await send(`/topics/${topic}`, { headers: { ...json, 'ce-id': '1' }, query, body: '{"a":1}' });
  const noRecords = await call('POST', `/topics/${topic}`, { headers: json, query, body: '{"a":1}' });

  assert.equal(noRecords.status, 422);
  assert.deepEqual(
    (await readTopic(topic)).map(({ key, value }) => [textOf(key), textOf(value)]),
    [
      ['k', 'val'],
      [null, null],
      [null, '{"a":1}'],
    ],
  );
});

test('CloudEvents of every mode become records with their headers, which reading hands back', async () => {
  const topic = await createTopic();
  const binary = { 'content-type': 'text/plain', 'ce-specversion': '1.0', 'ce-id': 'e-1', 'ce-type': 'x.y', 'ce-source': '/s' };
  const event = (id: string) => `{"specversion":"1.0","id":"${id}","source":"/s","type":"t","partitionkey":"k-${id}"}`;

  await send(`/topics/${topic}`, { headers: { ...binary, 'ce-partitionkey': 'k-1', 'ce-subject': 'Z%C3%BCrich' }, body: 'data' });
  await send(`/topics/${topic}/partitions/0`, { headers: { 'content-type': 'application/cloudevents+json' }, body: event('2') });
  const batch = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8', 'kafka-topic': topic };
  await send('/records', { headers: batch, body: `[${event('3')}, ${event('4')}]` });

  const path = `/topics/${topic}/partitions/0/records`;
  const answer = await call<Read[]>('GET', path, { headers: { accept: mediaTypes.text }, query: 'offset=0' });
  const shown = answer.json.map(({ key, value, headers }) => [
    key,
    value,
    headers.map(({ key, value }) => `${key}: ${Buffer.from(value, 'base64')}`).join(),
  ]);
  const structured = 'content-type: application/cloudevents+json';
  assert.deepEqual(shown, [
    [
      'k-1',
      'data',
      'content-type: text/plain,ce_specversion: 1.0,ce_id: e-1,ce_type: x.y,ce_source: /s,ce_partitionkey: k-1,ce_subject: Zürich',
    ],
    ['k-2', event('2'), structured],
    ['k-3', event('3'), structured],
    ['k-4', event('4'), structured],
  ]);
});

interface Read {
  key: string;
  value: string;
  headers: { key: string; value: string }[];
}

test('integers may be written with a fraction of zeros or as strings, wherever a request has one', async () => {
  const topic = await createTopic({ partitions: 3 });

  const body =
    '{"records":[{"value":1,"partition":2.0,"timestamp":1767225600000.0},{"value":2,"partition":"2","timestamp":"1767225600001"}]}';
  await send(`/topics/${topic}`, { headers: keyed, body });
  await send(`/topics/${topic}/partitions/2.0`, { headers: { 'content-type': 'text/plain' }, body: 'c' });
  await send(`/topics/${topic}`, { headers: { 'content-type': 'text/plain', 'kafka-partition': '2.0' }, body: 'd' });
  const lines = linesOf(await stream(topic, ['{"partition_id":"2","timestamp":1.0}', '{"partition_id":2.0}']));
  const offsets = { offsets: [{ topic, partition: '2', offset: '1' }] };
  const put = await call('PUT', `/groups/${topic}/offsets`, { headers: json, body: JSON.stringify(offsets).replace('"2"', '2.0') });
  const page = await call('GET', `/topics/${topic}/partitions/2.0/records`, { query: 'offset=1.0&limit=1.0&timeout=0.0' });
  const found = await call('GET', `/topics/${topic}/partitions/2/offsets`, { query: 'timestamp=1767225600001.0' });

  assert.deepEqual((await readTopic(topic)).map(({ partition, timestamp }) => [partition, timestamp]).slice(0, 2), [
    [2, 1767225600000],
    [2, 1767225600001],
  ]);
  assert.deepEqual(
    lines.map(({ error_code, partition_id }) => [error_code, partition_id]),
    [
      [200, 2],
      [200, 2],
    ],
  );
  assert.deepEqual([put.status, page.status, page.headers['kafka-next-offset'], Object(found.json).offset], [200, 200, '2', 1], put.text);
});

test('a byte order mark before JSON is ignored, in every kind of body', async () => {
  const topic = await createTopic();

  await send(`/topics/${topic}`, { headers: keyed, body: `${bom}{"records":[{"value":1}]}` });
  await send(`/topics/${topic}`, { headers: json, body: `${bom}2` });
  const lines = linesOf(await stream(topic, [`${bom}{"value":{"type":"JSON","data":3}}`]));
  const offsets = `${bom}{"offsets":[{"topic":"${topic}","offset":"latest"}]}`;
  const put = await call('PUT', `/groups/${topic}/offsets`, { headers: json, body: offsets });

  assert.deepEqual([lines[0].error_code, put.status], [200, 200]);
  assert.deepEqual(
    (await readTopic(topic)).map(({ value }) => textOf(value)),
    ['1', '2', '3'],
  );
});

test('Accept may be the media type of the body', async () => {
  const topic = await createTopic();

  const accepted = async (type: string, body: string) => {
    const { status, headers } = await call('POST', `/topics/${topic}`, { headers: { 'content-type': type, accept: type }, body });
    return [status, headers['content-type']];
  };

  const records = '{"records":[{"value":"dg=="}]}';
  assert.deepEqual(await accepted(mediaTypes.json, records), [200, mediaTypes.json]);
  assert.deepEqual(await accepted('application/vnd.kafka.binary.v1+json', records), [200, mediaTypes.binary]);
  assert.deepEqual(await accepted('text/csv', 'a,b'), [200, mediaTypes.generic]);
});

test('text in request headers is UTF-8 in Kafka, as bytes or as text', async () => {
  const topic = await createTopic();
  const asBytes = (text: string) => Buffer.from(text).toString('latin1');

  for (const text of ['Zürich', asBytes('Zürich')]) {
    await send(`/topics/${topic}`, { headers: { 'content-type': 'text/plain', 'kafka-key': text, 'kafka-header-h': text }, body: 'v' });
  }

  assert.deepEqual(
    (await readTopic(topic)).map(({ key, headers }) => [textOf(key), textOf(headers[0].value)]),
    [
      ['Zürich', 'Zürich'],
      ['Zürich', 'Zürich'],
    ],
  );
});
