import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { call, configure } from '../harness/http/gateway.ts';
import { writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { startFront } from './front.ts';
import { post, produce, read, register } from './requests.ts';

const front = await startFront();
front.authorization = `Basic ${Buffer.from('gateway:s3cret').toString('base64')}`;
configure(sharedKafka(), { SCHEMA_REGISTRY_URL: front.url, SCHEMA_REGISTRY_USERNAME: 'gateway', SCHEMA_REGISTRY_PASSWORD: 's3cret' });

const schema = JSON.stringify({ type: 'record', name: 'Fault', fields: [{ name: 'list', type: { type: 'array', items: 'int' } }] });
const draft7 = 'http://json-schema.org/draft-07/schema#';
const header = (id: number) => Buffer.from([0, 0, 0, id >> 8, id & 0xff]);

test('a warm request asks the registry nothing, to write or to read', async () => {
  const topic = await createTopic();
  const { value_schema_id: id } = await produce(topic, 'avro', { value_schema: schema, records: [{ value: { list: [1] } }] });
  await produce(topic, 'avro', { value_schema_id: id, records: [{ value: { list: [2] } }] });
  await read(topic, 'avro');
  const before = front.requests.length;

  await produce(topic, 'avro', { value_schema: schema, records: [{ value: { list: [3] } }] });
  await produce(topic, 'avro', { value_schema_id: id, records: [{ value: { list: [4] } }] });
  const records = await read(topic, 'avro');

  assert.equal(records.length, 4);
  assert.deepEqual(front.requests.slice(before), []);
});

test('requests at the same time share what they ask the registry', async () => {
  const topic = await createTopic();
  const before = front.requests.length;

  await Promise.all(Array.from({ length: 5 }, () => produce(topic, 'avro', { value_schema: schema, records: [{ value: { list: [] } }] })));

  assert.deepEqual(front.requests.slice(before), [`POST /subjects/${topic}-value`, `POST /subjects/${topic}-value/versions`]);
});

for (const state of ['down', 503] as const) {
  test(`with the registry ${state}, what needs it is a 503, and all else goes on`, async () => {
    const topic = await createTopic();
    const warm = await createTopic();
    await produce(warm, 'avro', { value_schema: schema, records: [{ value: { list: [7] } }] });
    await read(warm, 'avro');
    const id = await register(`other-${topic}`, 'AVRO', { type: 'fixed', name: `F${state}`, size: 1 });
    await writeTopic(topic, [{ value: Buffer.concat([header(id), Buffer.from('x')]), partition: 0 }]);
    front.state = state;
    try {
      const refused = await post(`/topics/${topic}`, 'avro', { value_schema: '"long"', records: [{ value: 1 }] });
      const unread = await call('GET', `/topics/${topic}/partitions/0/records`, {
        query: { offset: 'earliest' },
        headers: { accept: 'application/vnd.kafka.avro.v2+json' },
      });

      assert.deepEqual([refused.status, refused.json.error_code, refused.headers['retry-after']], [503, 50305, '1']);
      assert.equal(unread.status, 503);
      await produce(topic, 'json', { records: [{ value: 1 }] });
      await produce(warm, 'avro', { value_schema: schema, records: [{ value: { list: [8] } }] });
      assert.equal((await read(warm, 'avro')).length, 2);
    } finally {
      front.state = 'up';
    }
    assert.equal((await read(topic, 'avro'))[0].value, 'x');
  });
}

test('what a queue cannot show while the registry is away is not delivered in vain until nobody gets it', async () => {
  const topic = await createTopic();
  const queue = `/queues/queue-${randomUUID()}`;
  const json = { 'content-type': 'application/json' };
  await call('PUT', queue, { headers: json, body: '{"auto_offset_reset":"earliest","lock_ms":15000}' });
  const receive = () =>
    call<{ records: { value: unknown; deliveries: number }[] }>('POST', `${queue}/receive`, {
      headers: { ...json, accept: 'application/vnd.kafka.avro.v2+json' },
      body: JSON.stringify({ topics: [topic], wait: 20_000 }),
    });
  const id = await register(`queued-${topic}`, 'AVRO', { type: 'fixed', name: 'Queued', size: 1 });
  await writeTopic(topic, [{ value: Buffer.concat([header(id), Buffer.from('x')]), partition: 0 }]);
  front.state = 'down';
  const refused = [];
  try {
    for (let i = 0; i < 7; i++) refused.push(await receive());
  } finally {
    front.state = 'up';
  }

  const { records } = (await receive()).json;

  assert.deepEqual(new Set(refused.map(({ status }) => status)), new Set([503]));
  assert.match(refused[0].text, /50305.*stay locked/);
  assert.match(refused[1].text, /50305.*Nothing was done/);
  assert.deepEqual(
    records.map(({ value, deliveries }) => [value, deliveries]),
    [['x', 2]],
  );
});

test('a registry that refuses the gateway is a 502', async () => {
  const topic = await createTopic();
  const { authorization } = front;
  front.authorization = 'Basic another';
  try {
    const { status, json } = await post(`/topics/${topic}`, 'avro', { value_schema: '"float"', records: [{ value: 1 }] });

    assert.deepEqual([status, json.error_code], [502, 50202]);
    assert.doesNotMatch(json.message, /s3cret|127\.0\.0\.1/);
  } finally {
    front.authorization = authorization;
  }
});

const refusals: [what: string, body: object, status: number, code: number, message: RegExp][] = [
  [
    'keys without a schema',
    { value_schema: schema, records: [{ key: 'k', value: { list: [] } }] },
    422,
    42201,
    /does not include key schema/,
  ],
  ['values without a schema', { records: [{ value: 1 }] }, 422, 42202, /does not include value schema/],
  ['a text that is no schema', { value_schema: '{"type":"nonsense"}', records: [{ value: 1 }] }, 422, 42205, /"nonsense" is not defined/],
  ['an unknown id', { value_schema_id: 987654, records: [{ value: 1 }] }, 408, 40801, /no schema 987654/],
  ['an unknown subject', { value_subject: 'nowhere', records: [{ value: 1 }] }, 408, 40801, /no subject "nowhere"/],
  [
    'data that does not fit',
    { value_schema: schema, records: [{ value: { list: [] } }, { value: { list: [1, 'x'] } }] },
    422,
    422,
    /records\[1\]\.value\.list\[1\] must be an int/,
  ],
  [
    'an unknown field',
    { value_schema: schema, records: [{ value: { list: [], other: 1 } }] },
    422,
    422,
    /records\[0\]\.value\.other is unknown/,
  ],
  [
    'two choices',
    { value_schema: schema, value_schema_id: 1, records: [{ value: 1 }] },
    422,
    422,
    /^More than one of value_schema, value_schema_id/,
  ],
  ['a member of the wrong type', { value_schema_id: 'x', records: [{ value: 1 }] }, 422, 422, /value_schema_id must be an integer/],
  [
    'an unknown format of keys',
    { key_format: 'xml', records: [{ value: null }] },
    422,
    422,
    /key_format must be one of binary, json, text, avro/,
  ],
];

for (const [what, body, status, code, message] of refusals) {
  test(`${what}: ${code}, and nothing is written`, async () => {
    const topic = await createTopic();

    const answer = await post(`/topics/${topic}`, 'avro', body);

    assert.deepEqual([answer.status, answer.json.error_code], [status, code], answer.text);
    assert.match(answer.json.message, message);
    assert.deepEqual(await read(topic, 'binary', { timeout: '0' }), []);
  });
}

test('a schema of another format is refused', async () => {
  const topic = await createTopic();
  const id = await register(`${topic}-x`, 'JSON', { $schema: draft7, type: 'object', title: topic });

  const { status, json } = await post(`/topics/${topic}`, 'avro', { value_schema_id: id, records: [{ value: {} }] });

  assert.deepEqual([status, json.error_code], [422, 42205]);
  assert.match(json.message, /is jsonschema, and the request is avro/);
});

test('records that cannot be shown have their bytes and the reason, among others that can', async () => {
  const topic = await createTopic();
  const { value_schema_id: id } = await produce(topic, 'avro', { value_schema: schema, records: [{ value: { list: [5] } }] });
  const json = await register(`${topic}-json`, 'JSON', { $schema: draft7, type: 'object', title: topic });
  const values = [header(31_000), Buffer.concat([header(id ?? 0), Buffer.from([2])]), header(json), Buffer.from('plain'), null];
  await writeTopic(
    topic,
    values.map((value) => ({ value, partition: 0 })),
  );

  const records = await read(topic, 'avro');

  assert.deepEqual(records[0].value, { list: [5] });
  assert.deepEqual(
    records.slice(1).map(({ value, raw_value }) => [value, raw_value]),
    values.map((value) => [null, value === null ? undefined : value.toString('base64')]),
  );
  const reasons = records.slice(1).map(({ error }) => error?.message ?? '');
  for (const [i, reason] of [
    /31000, which the schema registry does not know/,
    /does not fit its schema/,
    /is one of jsonschema/,
    /does not begin as/,
  ].entries()) {
    assert.match(reasons[i], reason);
  }
  assert.ok(records.slice(1, 5).every(({ error }) => error?.error_code === 40801));
});

test('a request whose records need more than 100 subjects asks the registry for none of them', async () => {
  const before = front.requests.length;
  const records = Array.from({ length: 101 }, (_, i) => ({ topic: `of-many-${i}`, value: { list: [] } }));

  const { status, json } = await post('/records', 'avro', { value_schema: schema, records });

  assert.deepEqual([status, json.error_code, front.requests.slice(before)], [422, 422, []]);
  assert.match(json.message ?? '', /^The topic "of-many-100" has one of more than 100 schemas in this request/);
});
