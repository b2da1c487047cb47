import assert from 'node:assert/strict';
import { once } from 'node:events';
import { before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { readWithJava } from '../../harness/kafka/java-clients.ts';
import type { ReadRecord } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

// Users of the APISIX plugin kafkaupstream come by configuration alone: each of its settings and request headers has its like here, and
// the same request makes the same record.

/** The plugin's configuration. */
interface Plugin {
  config?: Record<string, string | number>;
  topic?: string;
  partition?: number;
  key?: string;
  jsonkey?: string;
  headerprefix?: string;
}

/** The configuration here that does the same. Credentials are in a secret rather than in `config`. */
function environmentOf({ config = {}, topic, partition, key, jsonkey, headerprefix }: Plugin): Record<string, string> {
  const settings: Record<string, string> = {
    'bootstrap.servers': 'KAFKA_BOOTSTRAP_SERVERS',
    'security.protocol': 'KAFKA_SECURITY_PROTOCOL',
    'client.id': 'KAFKA_CLIENT_ID',
    acks: 'GATEWAY_ACKS',
    'compression.type': 'GATEWAY_COMPRESSION',
  };
  const entries = Object.entries(config).map(([name, value]) => [settings[name], String(value)]);
  return {
    ...Object.fromEntries(entries),
    ...(topic !== undefined && { GATEWAY_TOPIC: topic }),
    ...(partition !== undefined && { GATEWAY_PARTITION: String(partition) }),
    ...(key !== undefined && { GATEWAY_KEY: key }),
    ...(jsonkey !== undefined && { GATEWAY_KEY_PATH: jsonkey }),
    GATEWAY_HEADER_PREFIX: headerprefix ?? '',
  };
}

interface Request {
  headers?: Record<string, string>;
  body: string;
}

/** Sends a request to the gateway with a configuration of its own. */
async function post(plugin: Plugin, { headers = {}, body }: Request): Promise<{ status: number; text: string }> {
  const config = { 'bootstrap.servers': sharedKafka(), ...plugin.config };
  const worker = new Worker(new URL('gateway-worker.ts', import.meta.url), {
    workerData: { path: '/records', headers, body },
    env: { ...environmentOf({ ...plugin, config }), GATEWAY_LOG_LEVEL: 'error' },
    execArgv: ['--disable-warning=TimeoutNegativeWarning'],
  });
  const [answer] = await once(worker, 'message');
  await worker.terminate();
  return answer;
}

const json = { 'content-type': 'application/json' };
const glossary = '{ "glossary": { "GlossDiv": { "title": "S", "count": 1.50, "list": [ 1, 2 ] } } }';
const compact = '{"glossary":{"GlossDiv":{"title":"S","count":1.50,"list":[1,2]}}}';

interface Row {
  what: string;
  plugin: Plugin;
  request: Request;
  record: { key?: string | null; value?: string; partition?: number };
}

const rows: Row[] = [
  {
    what: 'config: what librdkafka is set to',
    plugin: { config: { 'security.protocol': 'PLAINTEXT', 'client.id': 'upstream', acks: 'all', 'compression.type': 'lz4' }, partition: 2 },
    request: { body: 'a body' },
    record: { value: 'a body', partition: 2 },
  },
  { what: 'topic', plugin: {}, request: { body: 'to the configured topic' }, record: { value: 'to the configured topic' } },
  {
    what: 'topic, as a header, which wins',
    plugin: { topic: 'no-such-topic' },
    request: { headers: { topic: '{topic}' }, body: 'x' },
    record: { value: 'x' },
  },
  { what: 'partition', plugin: { partition: 1 }, request: { body: 'x' }, record: { partition: 1 } },
  {
    what: 'partition -1 is any: by the key',
    plugin: { partition: -1, key: 'k1' },
    request: { body: 'x' },
    record: { key: 'k1', partition: 2 },
  },
  {
    what: 'partition, as a header, which wins',
    plugin: { partition: 1 },
    request: { headers: { partition: '2' }, body: 'x' },
    record: { partition: 2 },
  },
  {
    what: 'partition -1, as a header, is any',
    plugin: { partition: 1, key: 'k1' },
    request: { headers: { partition: '-1' }, body: 'x' },
    record: { key: 'k1', partition: 2 },
  },
  { what: 'key', plugin: { key: 'a key' }, request: { body: 'x' }, record: { key: 'a key' } },
  { what: 'key, as a header, which wins', plugin: { key: 'no' }, request: { headers: { key: 'clé' }, body: 'x' }, record: { key: 'clé' } },
  {
    what: 'jsonkey',
    plugin: { jsonkey: 'glossary.GlossDiv.title' },
    request: { headers: json, body: glossary },
    record: { key: 'S', value: compact },
  },
  {
    what: 'jsonkey that finds an object: its JSON',
    plugin: { jsonkey: 'glossary.GlossDiv' },
    request: { headers: json, body: glossary },
    record: { key: '{"title":"S","count":1.50,"list":[1,2]}', value: compact },
  },
  {
    what: 'jsonkey in the syntax of gjson',
    plugin: { jsonkey: 'items.#(type=="order").id' },
    request: { headers: json, body: '{"items":[{"type":"note","id":1},{"type":"order","id":2}]}' },
    record: { key: '2' },
  },
  {
    what: 'jsonkey wins over key',
    plugin: { jsonkey: 'id', key: 'no' },
    request: { headers: json, body: '{"id":"path"}' },
    record: { key: 'path' },
  },
  {
    what: 'the header key wins over jsonkey',
    plugin: { jsonkey: 'id', key: 'no' },
    request: { headers: { ...json, key: 'header' }, body: '{"id":"path"}' },
    record: { key: 'header' },
  },
  {
    what: 'jsonkey is for application/json only',
    plugin: { jsonkey: 'id', key: 'configured' },
    request: { headers: { 'content-type': 'text/plain' }, body: '{"id": "path"}' },
    record: { key: 'configured', value: '{"id": "path"}' },
  },
  {
    what: 'headerprefix',
    plugin: { headerprefix: 'cool-', topic: 'no-such-topic' },
    request: {
      headers: { 'cool-topic': '{topic}', 'cool-partition': '1', 'cool-key': 'k', topic: 'no', partition: '0', key: 'no' },
      body: 'x',
    },
    record: { key: 'k', partition: 1 },
  },
  {
    what: 'content-type: JSON loses its insignificant whitespace, and nothing else',
    plugin: {},
    request: { headers: json, body: '{ "n" : 12345678901234567890.10,\n "b": 1e2, "n": "a  b" }' },
    record: { value: '{"n":12345678901234567890.10,"b":1e2,"n":"a  b"}' },
  },
  {
    what: 'content-type: everything else is the value as it is',
    plugin: {},
    request: { headers: { 'content-type': 'text/csv' }, body: 'a, b\r\n1, 2\r\n' },
    record: { value: 'a, b\r\n1, 2\r\n' },
  },
];

/** Where the plugin does something else, by mistake. */
const corrected: Row[] = [
  {
    what: 'without a partition records are spread, and not all in partition 0',
    plugin: { key: 'k1' },
    request: { body: 'x' },
    record: { key: 'k1', partition: 2 },
  },
  {
    what: 'a jsonkey that finds nothing leaves the configured key',
    plugin: { jsonkey: 'none', key: 'configured' },
    request: { headers: json, body: '{}' },
    record: { key: 'configured' },
  },
  {
    what: 'application/json may have a charset',
    plugin: { jsonkey: 'id' },
    request: { headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{ "id": 1 }' },
    record: { key: '1', value: '{"id":1}' },
  },
];

const refused: (Omit<Row, 'record'> & { status: number })[] = [
  { what: 'malformed JSON', plugin: {}, request: { headers: json, body: '{' }, status: 400 },
  { what: 'a partition that is none', plugin: {}, request: { headers: { partition: 'two' }, body: 'x' }, status: 400 },
  { what: 'a topic that is not there', plugin: { topic: 'no-such-topic' }, request: { body: 'x' }, status: 404 },
];

let topic: string;
let stored: ReadRecord[];
/** Answers by what their rows are. */
const answers = new Map<string, { status: number; text: string }>();

before(async () => {
  topic = await createTopic({ partitions: 3 });
  for (const { what, plugin, request } of [...rows, ...corrected, ...refused]) {
    const headers = Object.entries(request.headers ?? {}).map(([name, value]) => [name, value.replace('{topic}', topic)]);
    answers.set(what, await post({ topic, ...plugin }, { ...request, headers: Object.fromEntries(headers) }));
  }
  stored = await readWithJava(topic);
});

for (const { what, request, record } of [...rows, ...corrected]) {
  test(what, () => {
    const { status, text } = answers.get(what) ?? assert.fail();
    assert.equal(status, 200, text);
    const [{ partition, offset }] = JSON.parse(text).offsets;

    const { key, value, headers } = stored.find((one) => one.partition === partition && one.offset === offset) ?? assert.fail();

    assert.deepEqual([key?.toString() ?? null, value?.toString()], [record.key ?? null, record.value ?? request.body]);
    if (record.partition !== undefined) assert.equal(partition, record.partition);
    assert.deepEqual(headers, []);
  });
}

for (const { what, status } of refused) {
  test(`${what} is answered with ${status}, and nothing is written`, () => {
    assert.equal(answers.get(what)?.status, status);
  });
}

test('every request that was not refused has written one record', () => {
  assert.equal(stored.length, rows.length + corrected.length);
});
