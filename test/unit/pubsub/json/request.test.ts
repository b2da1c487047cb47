import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../lib/errors.ts';
import { MOST_HEADERS, MOST_RECORDS } from '../../../../lib/limits-of-request.ts';
import { Budget } from '../../../../lib/pubsub/budget.ts';
import { requestFromJson } from '../../../../lib/pubsub/json/request.ts';
import { decodeRequest } from '../../../../lib/pubsub/protobuf/request.ts';
import { encodeByStock } from '../../../harness/pubsub/stock-runtime.ts';
import { plainRequest } from '../arbitraries.ts';

const read = (text: string) => requestFromJson(Buffer.from(text));

/** Slices compare by what they hold. */
const comparable = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, member) => {
      if (typeof member === 'bigint') return `${member}n`;
      const isSlice = typeof member === 'object' && member !== null && 'start' in member;
      return isSlice ? Buffer.from(member.bytes).toString('hex', member.start, member.end) : member;
    }),
  );

test('JSON says the same as protobuf', () => {
  fc.assert(
    fc.property(plainRequest, (plain) => {
      assert.deepEqual(comparable(read(JSON.stringify(plain))), comparable(decodeRequest(encodeByStock(plain))));
    }),
  );
});

test('names are in camel case or as in the .proto file, numbers are numbers or strings, enums names or numbers', () => {
  const expected = read('{"sequence":"7","cmdKafkaFetch":{"topic":"t","offset":"12","maxWaitMs":100,"isolation":"READ_COMMITTED"}}');

  const other = read('{"sequence":7,"cmd_kafka_fetch":{"topic":"t","offset":12,"max_wait_ms":"100","isolation":1,"partition":null}}');

  assert.deepEqual(other, expected);
});

test('bytes are base64 of either alphabet, padded or not', () => {
  for (const state of ['+/8=', '-_8=', '+/8', '-_8']) {
    const { command } = read(JSON.stringify({ cmdPing: { state } }));

    assert.deepEqual(command, { kind: 'ping', state: Buffer.from('fbff', 'hex') });
  }
});

test('null is absent', () => {
  assert.deepEqual(read('{"sequence":null,"cmdPing":null}'), { sequence: 0n, command: null });
});

suite('refused is', () => {
  for (const [text, message] of [
    ['', /^This is neither base64 of a protobuf message nor JSON: /],
    ['{', /^This is neither base64 of a protobuf message nor JSON: /],
    ['[]', /: it must be an object$/],
    ['{"cmdPing":"x"}', /: cmdPing must be an object$/],
    ['{"cmdPing":{},"cmdEmpty":{}}', /: it has two commands, cmdEmpty and cmdPing$/],
    ['{"cmdPing":{},"cmd_ping":{}}', /: cmdPing is there twice$/],
    ['{"cmdPong":{}}', /: the message has a member "cmdPong", and may have sequence, cmdEmpty, cmdPing,/],
    ['{"__proto__":{}}', /: the message has a member "__proto__", /],
    ['{"\u202e\\n":{}}', /: the message has a member "[?][?]", /],
    ['{"cmdEmpty":{"state":""}}', /: cmdEmpty has a member "state", and may have none$/],
    ['{"cmdPing":{"state":"a"}}', /: cmdPing.state must be a string of base64$/],
    ['{"cmdPing":{"state":"a b="}}', /: cmdPing.state must be a string of base64$/],
    ['{"cmdPing":{"state":1}}', /: cmdPing.state must be a string of base64$/],
    ['{"sequence":9007199254740993}', /: sequence must be an integer from -9223372036854775808 to/],
    ['{"sequence":"9223372036854775808"}', /: sequence must be an integer from/],
    ['{"sequence":1.5}', /: sequence must be an integer from/],
    ['{"sequence":"1e3"}', /: sequence must be an integer from/],
    ['{"sequence":""}', /: sequence must be an integer from/],
    ['{"cmdKafkaListOffset":{"partition":2147483648}}', /: cmdKafkaListOffset.partition must be an integer from -2147483648 to 2147483647/],
    ['{"cmdKafkaListOffset":{"topic":1}}', /: cmdKafkaListOffset.topic must be a string$/],
    ['{"cmdKafkaFetch":{"isolation":"COMMITTED"}}', /: cmdKafkaFetch.isolation must be an integer/],
    ['{"cmdKafkaProduce":{"records":{}}}', /: cmdKafkaProduce.records must be an array$/],
    [
      '{"cmdKafkaProduce":{"records":[{},{"headers":[{"key":"k","value":"?"}]}]}}',
      /: cmdKafkaProduce.records\[1\].headers\[0\].value must be a/,
    ],
  ] as const) {
    test(text, () => {
      assert.throws(() => read(text), { name: 'BadRequest', message });
    });
  }

  test('text that is not UTF-8', () => {
    assert.throws(() => requestFromJson(Buffer.from('7b22ff', 'hex')), { name: 'BadRequest' });
  });

  test('any JSON that is no request, and nothing goes wrong', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          read(JSON.stringify({ cmdKafkaProduce: value, sequence: value }));
        } catch (error) {
          assert.ok(error instanceof GatewayError && error.name === 'BadRequest', String(error));
        }
      }),
    );
  });
});

test('reading ends at the first record or header that is too many, over all messages with one budget', () => {
  const withRecords = (piece: string, count: number) => `{"cmdKafkaProduce":{"records":[${Array(count).fill(piece).join()}]}}`;
  const headers = `{"headers":[${Array(MOST_HEADERS).fill('{}').join()}]}`;
  const budget = new Budget();
  const readWithin = (text: string) => requestFromJson(Buffer.from(text), budget);

  readWithin(withRecords('{}', MOST_RECORDS - 1));
  readWithin(withRecords(headers, 1));

  assert.throws(() => readWithin(withRecords('{}', 1)), {
    name: 'TooLarge',
    message: 'The request has more than 50000 records: send at most 50000 in one request',
  });
  assert.throws(() => read(withRecords(headers, 2)), { name: 'TooLarge', message: /^The request has more than 100000 headers/ });
});

test('a byte order mark is passed over, and a member that is there twice is refused', () => {
  assert.deepEqual(read('\ufeff{"sequence":7}'), { sequence: 7n, command: null });
  assert.throws(() => read('{"sequence":7,"sequence":8}'), { name: 'BadRequest', message: /: sequence is there twice$/ });
});
