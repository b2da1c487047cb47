import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { handler } from '../../../../functions/produce.ts';
import { gatewayWith } from '../gateway.ts';
import { collectingOf, type Written } from '../written.ts';

const gateway = gatewayWith(handler, { GATEWAY_KEY_PATH: 'id', GATEWAY_MAX_BODY_BYTES: '2000' });
const { send } = gateway;
const collecting = collectingOf(gateway);
const BINARY = 'application/vnd.kafka.binary.v2+json';
const JSON_FORMAT = 'application/vnd.kafka.json.v2+json';
const TEXT = 'application/vnd.kafka.text.v2+json';

const post = (
  t: TestContext,
  path: string,
  type: string | null,
  body: string,
  more: { query?: string; headers?: Record<string, string> } = {},
) => send(t, 'POST', path, { ...more, body, headers: { ...(type !== null && { 'content-type': type }), ...more.headers } });

const values = (written: Written[]) => written.map(({ key, value }) => [key, value]);
const records = (...all: object[]) => JSON.stringify({ records: all });

for (const [type, body, expected] of [
  [BINARY, records({ key: 'a2V5', value: 'AAH/' }), ['key', '\0\x01\xff']],
  ['application/vnd.kafka.v2+json', records({ value: 'AAH/' }), [null, '\0\x01\xff']],
  ['application/vnd.kafka+json', records({ value: 'AAH/' }), [null, '\0\x01\xff']],
  ['application/vnd.kafka.binary.v1+json', records({ value: 'AAH/' }), [null, '\0\x01\xff']],
  [`${BINARY}; charset=utf-8`, records({ value: 'AAH/' }), [null, '\0\x01\xff']],
  [JSON_FORMAT, '{"records":[{"key":  7.0,"value":{"a" : [1, "b"]}}]}', ['7.0', '{"a":[1,"b"]}']],
  [JSON_FORMAT.toUpperCase(), records({ value: null }), [null, null]],
  [TEXT, records({ key: '', value: 'plain text' }), ['', 'plain text']],
  ['application/json', '{"id": "a customer", "n": 1.10}', ['a customer', '{"id":"a customer","n":1.10}']],
  ['application/cloudevents+json', '{ "x": 1 }', [null, '{"x":1}']],
  ['text/plain', 'as it is ', [null, 'as it is ']],
  ['application/octet-stream', '{"records":[]}', [null, '{"records":[]}']],
  ['application/x-www-form-urlencoded', 'a=b', [null, 'a=b']],
  [null, '{ "id": 1 }', [null, '{ "id": 1 }']],
] as const) {
  test(`a body of the type ${type} is read as such: ${body}`, async (t) => {
    const written = collecting();

    const { status } = await post(t, '/topics/orders', type, body);

    assert.equal(status, 200);
    assert.deepEqual(values(written), [expected]);
  });
}

for (const format of ['avro', 'jsonschema', 'protobuf', 'xml']) {
  test(`the format ${format} is not served`, async (t) => {
    collecting();

    const { status, body } = await post(t, '/topics/orders', `application/vnd.kafka.${format}.v2+json`, records({ value: 1 }));

    assert.deepEqual([status, body.error_code], [415, 415]);
    for (const type of [BINARY, JSON_FORMAT, TEXT]) assert.ok(body.message.includes(type));
  });
}

test('the answer has an entry for each record, in the order of the request', async (t) => {
  collecting();

  const { status, headers, body } = await post(
    t,
    '/topics/orders',
    TEXT,
    records(
      { value: 'a', partition: 2, timestamp: 1000 },
      { value: 'b', partition: 0, timestamp: 2000 },
      { value: 'c', partition: 2, timestamp: 3000 },
    ),
  );

  assert.deepEqual([status, headers['content-type']], [200, 'application/vnd.kafka.v2+json']);
  const entry = (partition: number, offset: number, timestamp: number) => ({ partition, offset, timestamp, error_code: null, error: null });
  assert.deepEqual(body, {
    offsets: [entry(2, 100, 1000), entry(0, 100, 2000), entry(2, 101, 3000)],
    key_schema_id: null,
    value_schema_id: null,
  });
});

test("a record's own partition wins over that of the path", async (t) => {
  const written = collecting();

  await post(t, '/topics/orders/partitions/1', TEXT, records({ value: 'a' }, { value: 'b', partition: 2 }));
  await post(t, '/topics/orders/partitions/1', null, 'raw');
  await post(t, '/topics/orders/partitions/1', null, 'own', { headers: { 'kafka-partition': '0' } });

  assert.deepEqual(written.map(({ partition, value }) => `${value} ${partition}`).sort(), ['a 1', 'b 2', 'own 0', 'raw 1']);
});

test('records of several topics name their topics, and so does the answer', async (t) => {
  const written = collecting();

  const { body } = await post(t, '/records', TEXT, records({ topic: 'clicks', value: 'a' }, { topic: 'orders', partition: 1, value: 'b' }));
  await post(t, '/records', null, 'raw', { headers: { 'kafka-topic': 'clicks' } });

  assert.deepEqual(
    body.offsets.map(({ topic, partition }: { topic: string; partition: number }) => [topic, partition]),
    [
      ['clicks', 0],
      ['orders', 1],
    ],
  );
  assert.deepEqual(written.map(({ topic, value }) => `${topic} ${value}`).sort(), ['clicks a', 'clicks raw', 'orders b']);
});

test('a topic that no topic can be is refused, wherever it is named', async (t) => {
  const written = collecting();

  const inRecord = await post(t, '/records', TEXT, records({ topic: 'clicks', value: 'a' }, { topic: 'a b', value: 'b' }));
  const inHeader = await post(t, '/records', null, 'raw', { headers: { 'kafka-topic': '..' } });
  const inPath = await post(t, '/topics/a%20b', TEXT, records({ value: 'a' }));

  for (const { status, body } of [inRecord, inHeader, inPath]) assert.deepEqual([status, body.error_code], [400, 40002]);
  assert.deepEqual(written, [], 'nothing is written');
});

test('the key of a raw JSON body: a header, else the path of the request, else the configured one', async (t) => {
  const written = collecting();
  const body = '{"id":"configured","other":{"id":"requested"}}';

  await post(t, '/topics/orders', 'application/json', body);
  await post(t, '/topics/orders', 'application/json', body, { query: 'key-path=other.id' });
  await post(t, '/topics/orders', 'application/json', body, { query: 'key-path=other.id', headers: { 'kafka-key': 'in a header' } });

  assert.deepEqual(
    written.map(({ key }) => key),
    ['configured', 'requested', 'in a header'],
  );
});

test('acknowledgements and compression are as asked', async (t) => {
  const written = collecting();

  for (const query of ['', 'acks=all', 'acks=1', 'compression=gzip', 'compression=snappy', 'compression=lz4', 'compression=zstd&acks=1']) {
    assert.equal((await post(t, '/topics/orders', TEXT, records({ value: 'a' }), { query })).status, 200);
  }

  assert.deepEqual(
    written.map(({ acks, codec }) => [acks, codec]),
    [
      [-1, 0],
      [-1, 0],
      [1, 0],
      [-1, 1],
      [-1, 2],
      [-1, 3],
      [1, 4],
    ],
  );
});

test('async is answered with 204 and nothing more, once Kafka has acknowledged', async (t) => {
  const written = collecting();

  const { status, headers, body } = await post(t, '/topics/orders', TEXT, records({ value: 'a' }, { value: 'b' }), { query: 'async=true' });
  const no = await post(t, '/topics/orders', TEXT, records({ value: 'c' }), { query: 'async=false' });

  assert.deepEqual([status, headers['content-type'], body], [204, undefined, null]);
  assert.equal(no.status, 200);
  assert.deepEqual(
    written.map(({ value, acks }) => [value, acks]),
    [
      ['a', -1],
      ['b', -1],
      ['c', -1],
    ],
  );
});

test('async, a failure is answered as one, also where it is of some records only', async (t) => {
  collecting((_, partition) => (partition === 2 ? 29 : 0));
  const query = 'async=true';

  const all = await post(t, '/topics/orders', TEXT, records({ value: 'a', partition: 2 }), { query });
  const some = await post(
    t,
    '/topics/orders',
    TEXT,
    records({ value: 'a', partition: 0 }, { value: 'b', partition: 2 }, { value: 'c', partition: 9 }),
    { query },
  );

  const several = await post(t, '/topics/orders', TEXT, records({ value: 'a', partition: 2 }, { value: 'b', partition: 9 }), { query });

  assert.deepEqual([all.status, all.body.error_code], [403, 40301]);
  assert.match(several.body.message, /^2 of 2 records failed; the first is records\[0\]: ./);
  assert.deepEqual([some.status, some.body.error_code], [403, 40301]);
  assert.match(some.body.message, /^2 of 3 records failed, the others are written; the first is records\[1\]: ./);
});

test('what is not understood is refused before anything is written', async (t) => {
  const written = collecting();
  const body = records({ value: 'a' });

  const answers = {
    acks: await post(t, '/topics/orders', TEXT, body, { query: 'acks=2' }),
    compression: await post(t, '/topics/orders', TEXT, body, { query: 'compression=brotli' }),
    async: await post(t, '/topics/orders', TEXT, body, { query: 'async=yes' }),
    'key-path': await post(t, '/topics/orders', 'application/json', '{}', { query: 'key-path=a.%40' }),
    JSON: await post(t, '/topics/orders', 'application/json', '{"a":'),
  };

  for (const [name, answer] of Object.entries(answers)) {
    assert.deepEqual([answer.status, answer.body.error_code], [400, 400], name);
    assert.match(answer.body.message, name === 'key-path' ? /key path/ : new RegExp(name));
  }
  assert.equal((await post(t, '/topics/orders', TEXT, body, { headers: { accept: 'text/html' } })).status, 406);
  assert.equal((await post(t, '/topics/orders', TEXT, '{"records":1}')).status, 422);
  assert.equal((await post(t, '/topics/orders', TEXT, records({ value: 'x'.repeat(2000) }))).status, 413, 'the configured limit of a body');
  assert.deepEqual(written, []);
});

test('where every record fails for one reason, that is the answer', async (t) => {
  collecting(() => 29);

  const { status, body } = await post(t, '/topics/orders', TEXT, records({ value: 'a', partition: 0 }, { value: 'b', partition: 2 }));

  assert.deepEqual([status, body.error_code], [403, 40301]);
});

test('a topic that is not there is answered with 404', async (t) => {
  collecting();

  const { status, body } = await post(t, '/topics/nope', TEXT, records({ value: 'a' }, { value: 'b' }));

  assert.deepEqual([status, body], [404, { error_code: 40401, message: 'There is no topic nope: create it, or check its name' }]);
});

test('where records fail for several reasons, or some only, each has its own entry', async (t) => {
  collecting((_, partition) => (partition === 2 ? 29 : 0));

  const some = await post(t, '/topics/orders', TEXT, records({ value: 'a', partition: 2 }, { value: 'b', partition: 1 }));
  const several = await post(t, '/topics/orders', TEXT, records({ value: 'a', partition: 2 }, { value: 'b', partition: 9 }));
  const codes = ({ body }: typeof some) => body.offsets.map((entry: { error_code: number | null }) => entry.error_code);

  assert.deepEqual([some.status, several.status], [200, 200]);
  assert.deepEqual(
    [codes(some), codes(several)],
    [
      [40301, null],
      [40301, 40402],
    ],
  );
  assert.deepEqual(some.body.offsets[0].partition, null);
  assert.match(several.body.offsets[1].error, /no partition 9/);
});
