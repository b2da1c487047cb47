import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { handler } from '../../../../functions/produce.ts';
import { decompress } from '../../../../lib/kafka/compression/decompress.ts';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { readBatches } from '../../../../lib/kafka/record-batch/read.ts';
import { type PlainRecord, plainStored } from '../../../harness/fake-broker/batch-records.ts';
import { initProducerIdAnswer, keys, produceAnswer, readProduce } from '../../../harness/fake-broker/broker-side.ts';
import { topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../gateway.ts';

const grants = [{ principal: '*', operations: ['produce'], topics: ['orders', 'nope'] }];
const { kafkaHas, send } = gatewayWith(handler, {
  GATEWAY_GRANTS: JSON.stringify(grants),
  GATEWAY_PRINCIPAL_HEADER: 'written-by',
  GATEWAY_PRINCIPAL_MODE_HEADER: 'known-by',
  GATEWAY_IDEMPOTENCY: '',
});

interface Written extends PlainRecord {
  partition: number;
  acks: number;
  codec: number;
}

/** Kafka with the topic `orders` of three partitions: answers by `errorOf`, and collects the batches that are to be written. */
function collecting(errorOf: (partition: number) => number = () => 0) {
  const requests: Written[][] = [];
  kafkaHas({ clusterId: 'c-1', topics: [topicOn('orders', 1, 1, 1)] }, async ({ key, body, version }) => {
    if (key === keys.initProducerId) return initProducerIdAnswer({});
    const { acks, batches } = readProduce(body);
    const written: Written[] = [];
    for (const { partition, batch } of batches) {
      const options = { from: 0, aborted: [], maxRecords: 1000, maxBytes: 1e6, decompress };
      const { records } = await readBatches(batch, 0, batch.length, options);
      const codec = batch.readInt16BE(layout.ATTRIBUTES) & layout.CODEC_BITS;
      written.push(...records.map((record) => ({ ...plainStored(record), partition, acks, codec })));
    }
    requests.push(written);
    return produceAnswer(
      version,
      batches.map(({ topic, partition }) => ({ topic, partition, error: errorOf(partition), baseOffset: 100 })),
    );
  });
  return requests;
}

const post = (t: TestContext, path: string, body: string, { headers, query }: { headers?: Record<string, string>; query?: string } = {}) =>
  send(t, 'POST', `/v3/clusters/${path}`, {
    body,
    headers: { 'content-type': 'application/json', ...headers },
    ...(query !== undefined && { query }),
  });

const linesOf = (text: string) =>
  text
    .split('\r\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
const record = (value: string, partition_id = 0) =>
  JSON.stringify({ partition_id, value: { type: 'STRING', data: value }, timestamp: 1000 });
const STREAM = 'c-1/topics/orders/records';
const BATCH = 'c-1/topics/orders/records:batch';

test('a stream of records is written in one go and answered in order', async (t) => {
  const requests = collecting();

  const { status, headers, text } = await post(t, STREAM, `${record('a', 2)}${record('b')}\n${record('c', 2)}`);

  assert.deepEqual([status, headers['content-type']], [200, 'application/json']);
  const line = (partition_id: number, offset: number) => ({
    error_code: 200,
    cluster_id: 'c-1',
    topic_name: 'orders',
    partition_id,
    offset,
    timestamp: '1970-01-01T00:00:01.000Z',
    value: { type: 'STRING', size: 1 },
  });
  assert.deepEqual(linesOf(text), [line(2, 100), line(0, 100), line(2, 101)]);
  assert.deepEqual(
    requests.map((written) => written.map(({ value, partition }) => `${value} to ${partition}`).sort()),
    [['a to 2', 'b to 0', 'c to 2']],
  );
});

test('records say who has written them and how that is known, whatever their writer says', async (t) => {
  const requests = collecting();
  const forged = ['written-by', 'Known-By'].map((name) => ({ name, value: Buffer.from('basic').toString('base64') }));
  const body = JSON.stringify({ ...JSON.parse(record('a')), headers: forged });

  for (const authorizer of [{ lambda: { principalId: 'alice', mode: 'jwt' } }, {}]) {
    await send(t, 'POST', `/v3/clusters/${STREAM}`, { body, headers: { 'content-type': 'application/json' }, authorizer });
  }

  assert.deepEqual(
    requests.flat().map(({ headers }) => headers),
    [
      [
        ['written-by', 'alice'],
        ['known-by', 'jwt'],
      ],
      [],
    ],
  );
});

test('records that cannot be read have a line of their own; the others are written', async (t) => {
  const requests = collecting();

  const { status, text } = await post(
    t,
    STREAM,
    `${record('a')}{"records":[]}${record('b')}{"partition_id":-1}${record('c', 3)}{"value":{"type":"AVRO","schema":"{}","data":1}}{"value":}${record('d')}`,
  );

  assert.equal(status, 200);
  assert.deepEqual(
    linesOf(text).map(({ error_code }) => error_code),
    [200, 400, 200, 40402, 40402, 422, 400],
  );
  assert.equal(linesOf(text)[5].message, 'Error: 42206 : Payload error. Schema Registry must be configured when using schemas.');
  assert.deepEqual(
    requests.flat().map(({ value }) => value),
    ['a', 'b'],
  );
});

test('what Kafka refuses has its code in its line, whatever becomes of the others', async (t) => {
  collecting((partition) => (partition === 1 ? 10 : 0));

  const some = await post(t, STREAM, record('a') + record('b', 1));
  const all = await post(t, STREAM, record('b', 1));

  assert.deepEqual(
    [some, all].map(({ status, text }) => [status, linesOf(text).map(({ error_code }) => error_code)]),
    [
      [200, [200, 413]],
      [200, [413]],
    ],
  );
});

test('a topic that is not there has its error in every line', async (t) => {
  collecting();

  const { status, text } = await post(t, 'c-1/topics/nope/records', record('a') + record('b'));

  assert.equal(status, 200);
  assert.deepEqual(linesOf(text), Array(2).fill({ error_code: 40403, message: 'There is no topic nope: create it, or check its name' }));
});

test('what is for the operator is logged, though the request succeeds', async (t) => {
  collecting(() => 76);

  const { status, text, logged } = await post(t, STREAM, record('a') + record('b') + record('c'));

  assert.deepEqual([status, linesOf(text).map(({ error_code }) => error_code)], [200, [50002, 50002, 50002]]);
  const faults = logged.filter(({ level }) => level === 'ERROR');
  assert.deepEqual(
    faults.map(({ message }) => message),
    ['Kafka does not support this compression. The records were not written: use another one'],
  );
});

test('a batch is answered by its ids', async (t) => {
  const requests = collecting((partition) => (partition === 1 ? 10 : 0));
  const entries = [
    { id: 'a', ...JSON.parse(record('a')) },
    { id: 'b', value: { type: 'BINARY', data: '*' } },
    { id: 'c', ...JSON.parse(record('c', 1)) },
  ];

  const { status, body } = await post(t, BATCH, JSON.stringify({ entries }));

  assert.equal(status, 207);
  assert.deepEqual(
    [body.successes, body.failures].map((list: { id: string; error_code?: number }[]) =>
      list.map(({ id, error_code }) => [id, error_code]),
    ),
    [
      [['a', undefined]],
      [
        ['b', 400],
        ['c', 413],
      ],
    ],
  );
  assert.deepEqual(
    requests.flat().map(({ value }) => value),
    ['a', 'c'],
  );
});

for (const [path, body, options, status, code] of [
  [STREAM, '', {}, 422, 42206],
  [BATCH, '', {}, 422, 42208],
  [BATCH, '{"entries":[]}', {}, 422, 42208],
  [BATCH, '{"entries":[{"id":"a","more":1}]}', {}, 422, 422],
  [STREAM, record('a'), { headers: { 'content-type': 'application/vnd.kafka.json.v2+json' } }, 415, 415],
  [STREAM, record('a'), { headers: { accept: 'application/vnd.kafka.v2+json' } }, 406, 406],
  [STREAM, record('a'), { query: 'acks=2' }, 400, 400],
  [STREAM, record('a'), { headers: { 'idempotency-key': '"k"' } }, 400, 400],
  [STREAM, '{}'.repeat(20_000), {}, 413, 413],
  ['c-2/topics/orders/records', record('a'), {}, 404, 404],
  ['c-2/topics/orders/records:batch', '{"entries":[{"id":"a"}]}', {}, 404, 404],
  ['c-1/topics/other/records', record('a'), {}, 403, 40301],
  ['c-1/topics/a%20b/records', record('a'), {}, 400, 40002],
] as const) {
  test(`${path} with ${body.slice(0, 20)} ${JSON.stringify(options)} is refused as a whole with ${code}`, async (t) => {
    const requests = collecting();

    const answer = await post(t, path, body, options);

    assert.deepEqual([answer.status, answer.body.error_code, requests], [status, code, []]);
    assert.equal(answer.headers['content-type'], 'application/json');
  });
}

test('acknowledgements and compression are as asked, and nobody writes in another name', async (t) => {
  const requests = collecting();
  const forged = JSON.stringify({ value: { type: 'STRING', data: 'x' }, headers: [{ name: 'Written-By', value: 'bWU=' }, { name: 'a' }] });

  await post(t, STREAM, forged, { query: 'acks=1&compression=gzip' });

  const [[written]] = requests;
  assert.deepEqual([written.acks, written.codec], [1, 1]);
  assert.deepEqual(written.headers, [['a', null]]);
});
