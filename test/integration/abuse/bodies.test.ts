import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Answer, call, configure } from '../../harness/http/gateway.ts';
import { assertRefused, type Refusal } from '../../harness/http/refusal.ts';
import { base64, fetchPage, mediaTypes, post } from '../../harness/http/requests.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

/** Nothing of what is refused may be written to it. */
let topic: string;

before(async () => {
  topic = await createTopic();
});

const malformed: Refusal = { status: 400, code: 400, message: /nested deeper than 512 levels|Malformed JSON|not valid JSON|not UTF-8/ };
const tooLarge: Refusal = { status: 413, code: 413, message: /^The request body is larger than (6291456|262144) bytes/ };

const produce = (body: string | Buffer, headers: Record<string, string> = {}) =>
  call('POST', `/topics/${topic}`, { headers: { 'content-type': mediaTypes.json, ...headers }, body });
const create = (body: string | Buffer, headers: Record<string, string> = {}) =>
  call('POST', '/admin/topics', { headers: { 'content-type': mediaTypes.generic, ...headers }, body });

const DEPTH = 3_000_000;
const deep: [string, string][] = [
  ['arrays', '['.repeat(DEPTH)],
  ['arrays that end', `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`],
  ['objects', `{"records":[{"value":${'{"a":'.repeat(DEPTH / 5)}`],
  ['values of a record', `{"records":[{"value":${'['.repeat(DEPTH)}`],
  ['headers of a record', `{"records":[{"headers":${'['.repeat(DEPTH)}`],
];

suite('nesting without end is refused, in', () => {
  for (const [what, body] of deep) {
    test(`${what}, by every route that reads JSON`, async () => {
      assertRefused(await produce(body), malformed);
      assertRefused(await produce(body, { 'content-type': 'application/json' }), malformed);
      assertRefused(await produce(gzipSync(body), { 'content-encoding': 'gzip' }), malformed);
      const { status } = await create(body);
      assert.equal(status, 413);
    });
  }

  test('a value that is nested as deep as is allowed is written and read', async () => {
    const value = `${'['.repeat(508)}${']'.repeat(508)}`;
    const own = await createTopic();

    const { status } = await post(`/topics/${own}`, 'json', `{"records":[{"value":${value}}]}`);
    const page = await call('GET', `/topics/${own}/partitions/0/records`, { query: { offset: 0 }, headers: { accept: mediaTypes.json } });

    assert.deepEqual([status, page.text.includes(`"value":${value}`)], [200, true]);
  });
});

suite('a bomb is refused by what it inflates to', () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));

  for (const [what, body, refusal] of [
    ['one', bomb, tooLarge],
    ['one in many members', Buffer.concat(Array(1000).fill(gzipSync(Buffer.alloc(100_000)))), tooLarge],
    ['one in another, of which the first alone is opened', gzipSync(bomb), malformed],
  ] as const) {
    test(what, async () => {
      for (const send of [produce, create]) assertRefused(await send(body, { 'content-encoding': 'gzip' }), refusal);
    });
  }
});

suite('names that objects have by themselves are names like any other', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
    test(name, async () => {
      const own = await createTopic();
      const unknown = { status: 422, code: 422, message: /^Unrecognized field/ };
      const reaching = `{"${name}":{"polluted":1,"prototype":{"polluted":1}}}`;

      assertRefused(await produce(reaching), unknown);
      assertRefused(await produce(`{"records":[{"${name}":1,"value":1}]}`), unknown);
      const { status } = await create(`{"topic_name":"${own}","${name}":{"prototype":{"polluted":1}}}`);
      const written = await post(`/topics/${own}`, 'json', `{"records":[{"value":${reaching},"key":${reaching}}]}`);
      const raw = await call('POST', `/topics/${own}`, {
        query: `${name}=1&key-path=${name}.polluted`,
        headers: Object.fromEntries([
          ['content-type', 'application/json'],
          [name, '1'],
          [`kafka-header-${name}`, '1'],
        ]),
        body: reaching,
      });

      assert.ok(status === 400 || status === 422, String(status));
      assert.deepEqual([written.status, raw.status], [200, 200], raw.text);
      const { json } = await fetchPage(own, 'text', { offset: 0 });
      assert.deepEqual(
        json.map(({ key, value }) => [key, value]),
        [
          [reaching, reaching],
          ['1', reaching],
        ],
      );
      assert.deepEqual(json[1].headers, [{ key: name.toLowerCase(), value: base64('1') }]);
      assert.equal(Reflect.get({}, 'polluted'), undefined);
    });
  }
});

test('the answer to more records than a response can tell of is not one that nobody gets', async () => {
  const records = (count: number) => gzipSync(`{"records":[${Array(count).fill('{"value":1}').join()}]}`);
  const headers = { 'content-encoding': 'gzip' };
  const own = await createTopic();
  const send = (count: number): Promise<Answer> =>
    call('POST', `/topics/${own}`, { headers: { 'content-type': mediaTypes.json, ...headers }, body: records(count) });

  const most = await send(40_000);
  const more = await send(50_000);

  assert.equal(most.status, 200);
  assert.ok(most.size < 6 * 1024 * 1024);
  assertRefused(more, { status: 413, code: 413, message: /^The answer to 50000 records is larger than a response can be/ });
});

test('records for more topics than are good for Kafka are refused', async () => {
  const records = Array.from({ length: 1001 }, (_, i) => ({ topic: `no-such-topic-${i}`, value: 'a' }));

  assertRefused(await post('/records', 'text', { records }), { status: 413, code: 413, message: /^The records are for 1001 topics/ });
  assert.deepEqual(await readTopic(topic), []);
});
