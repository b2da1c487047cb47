import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProduce } from '../../../lib/config/produce.ts';
import { parseKeyPath } from '../../../lib/records/key-path/parse.ts';
import { problemsOf as problemsIn, type Variables } from './problems.ts';

const raw = (variables: Variables) => readProduce(variables).raw;
const problemsOf = (variables: Variables) => problemsIn(readProduce, variables);

test('nothing has to be configured', () => {
  const nothing = {
    acks: 'all',
    compression: 'none',
    jsonBodies: 'compact',
    raw: { headerPrefix: 'kafka-', topic: null, partition: null, key: null, keyPath: null, recordHeaders: [] },
  };
  const names = ['ACKS', 'COMPRESSION', 'JSON_BODIES', 'KEY_PATH', 'PARTITION', 'RECORD_HEADERS', 'TOPIC'];

  assert.deepEqual(readProduce({}), nothing);
  assert.deepEqual(readProduce(Object.fromEntries(names.map((name) => [`GATEWAY_${name}`, ' ']))), nothing);
});

test('everything can be', () => {
  const config = readProduce({
    GATEWAY_ACKS: '1',
    GATEWAY_COMPRESSION: 'ZSTD',
    GATEWAY_JSON_BODIES: 'verbatim',
    GATEWAY_HEADER_PREFIX: ' X-Kafka- ',
    GATEWAY_TOPIC: ' orders ',
    GATEWAY_PARTITION: '3',
    GATEWAY_KEY: ' a key ',
    GATEWAY_KEY_PATH: 'order.id',
    GATEWAY_RECORD_HEADERS: 'Traceparent, x-request-id,traceparent',
  });

  assert.deepEqual(config, {
    acks: '1',
    compression: 'zstd',
    jsonBodies: 'verbatim',
    raw: {
      headerPrefix: 'x-kafka-',
      topic: 'orders',
      partition: 3,
      key: ' a key ',
      keyPath: parseKeyPath('order.id'),
      recordHeaders: ['traceparent', 'x-request-id'],
    },
  });
});

test('the prefix of headers may be nothing', () => {
  assert.equal(raw({ GATEWAY_HEADER_PREFIX: '' }).headerPrefix, '');
});

test('a partition of -1 is any', () => {
  assert.equal(raw({ GATEWAY_PARTITION: '-1' }).partition, null);
  assert.equal(raw({ GATEWAY_PARTITION: '0' }).partition, 0);
});

const wrong: [name: string, values: string[], problem: string][] = [
  ['GATEWAY_ACKS', ['2', '-1', 'none'], ' must be one of all, 1, 0'],
  ['GATEWAY_COMPRESSION', ['brotli', 'deflate'], ' must be one of none, gzip, snappy, lz4, zstd'],
  ['GATEWAY_JSON_BODIES', ['pretty', 'record'], ' must be one of compact, verbatim, records'],
  ['GATEWAY_HEADER_PREFIX', ['kafka:', 'kafka header', 'käfka-'], " must be what a header's name can begin with"],
  ['GATEWAY_PARTITION', ['-2', '1.5', 'any', '2147483648'], ' must be the number of a partition, or -1 for any'],
  ['GATEWAY_RECORD_HEADERS', ['a b', 'x:y', 'é'], ' must be names of headers, separated by commas'],
];
for (const [name, values, problem] of wrong) {
  test(`${name}${problem}`, () => {
    for (const value of values) assert.equal(problemsOf({ [name]: value }), `Configuration: ${name}${problem}`, value);
  });
}

test('a topic and a key path that are none are problems', () => {
  for (const topic of ['a b', '..', 'x'.repeat(250)]) assert.match(problemsOf({ GATEWAY_TOPIC: topic }), /^Configuration: GATEWAY_TOPIC: /);
  assert.equal(
    problemsOf({ GATEWAY_KEY_PATH: 'order.@this' }),
    'Configuration: GATEWAY_KEY_PATH: The key path has a @, which has no meaning here: write \\@ for a real one',
  );
});

test('headers that hold credentials do not become record headers', () => {
  for (const name of ['Authorization', 'cookie', 'x-api-key', 'X-Amz-Security-Token', 'proxy-authorization']) {
    assert.match(problemsOf({ GATEWAY_RECORD_HEADERS: `traceparent,${name}` }), /^Configuration: GATEWAY_RECORD_HEADERS may have none of/);
  }
});

test('everything that is wrong is told at once', () => {
  const names = ['GATEWAY_ACKS', 'GATEWAY_COMPRESSION', 'GATEWAY_PARTITION', 'GATEWAY_KEY_PATH', 'GATEWAY_HEADER_PREFIX'];

  const problems = problemsOf(Object.fromEntries(names.map((name) => [name, '@ never told'])));

  for (const name of names) assert.ok(problems.includes(name), name);
  assert.ok(!problems.includes('never told'), problems);
});
