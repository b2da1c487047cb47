import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../lib/errors.ts';
import type { Slice } from '../../../../lib/kafka/record.ts';
import { MOST_HEADERS, MOST_RECORDS } from '../../../../lib/limits-of-request.ts';
import { Budget } from '../../../../lib/pubsub/budget.ts';
import type { Command } from '../../../../lib/pubsub/messages.ts';
import { decodeRequest } from '../../../../lib/pubsub/protobuf/request.ts';
import { decodeRequestByStock, encodeByStock, type Plain } from '../../../harness/pubsub/stock-runtime.ts';
import { plainRequest } from '../arbitraries.ts';

const names = {
  empty: 'cmdEmpty',
  ping: 'cmdPing',
  'list-offset': 'cmdKafkaListOffset',
  fetch: 'cmdKafkaFetch',
  produce: 'cmdKafkaProduce',
  subscribe: 'cmdKafkaSubscribe',
  credit: 'cmdKafkaCredit',
  unsubscribe: 'cmdKafkaUnsubscribe',
};

/** A command as the stock runtime shows it when it writes all fields but those that are absent. */
function shown(command: Command): Plain {
  switch (command.kind) {
    case 'empty':
      return {};
    case 'ping':
      return { state: command.state.toString('base64') };
    case 'list-offset':
      return { topic: command.topic, partition: command.partition, timestamp: String(command.timestamp) };
    case 'fetch': {
      const { kind: _, isolation, ...others } = command;
      return { ...others, offset: String(command.offset), isolation: ['READ_UNCOMMITTED', 'READ_COMMITTED'][isolation] };
    }
    case 'produce': {
      const records = command.records.map(({ partition, timestamp, key, value, headers }) => ({
        ...(partition !== null && { partition }),
        ...(timestamp !== null && { timestamp: String(timestamp) }),
        ...(key !== null && { key: base64(key) }),
        ...(value !== null && { value: base64(value) }),
        headers: headers.map((header) => ({ key: header.key, ...(header.value !== null && { value: header.value.toString('base64') }) })),
      }));
      return { topic: command.topic, records, acks: command.acks, compression: command.compression };
    }
    case 'subscribe': {
      const { kind: _, ...others } = command;
      return others;
    }
    case 'credit':
      return { subscription: String(command.subscription), credit: command.credit };
    case 'unsubscribe':
      return { subscription: String(command.subscription) };
  }
}

const base64 = ({ bytes, start, end }: Slice): string => bytes.toString('base64', start, end);

/** The same, as the runtime has it: what is zero or empty is left out on both sides. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, bare(member)]));
}

test('a request of the stock runtime is read as it was meant', () => {
  fc.assert(
    fc.property(plainRequest, (plain) => {
      const bytes = encodeByStock(plain);

      const { sequence, command } = decodeRequest(bytes);

      assert.equal(sequence, BigInt(String(plain.sequence)));
      const again = command === null ? {} : { [names[command.kind]]: shown(command) };
      assert.deepEqual(
        bare(decodeRequestByStock(encodeByStock({ sequence: String(sequence), ...again }))),
        bare(decodeRequestByStock(bytes)),
      );
    }),
  );
});

test('null and empty stay apart', () => {
  const bytes = encodeByStock({
    cmdKafkaProduce: { topic: 't', records: [{}, { partition: 0, timestamp: 0, key: '', value: '', headers: [{}] }] },
  });

  const { command } = decodeRequest(bytes);

  assert.ok(command?.kind === 'produce');
  assert.deepEqual(command.records[0], { partition: null, timestamp: null, key: null, value: null, headers: [] });
  const { key, value, ...others } = command.records[1];
  assert.deepEqual(others, { partition: 0, timestamp: 0n, headers: [{ key: '', value: null }] });
  assert.deepEqual(
    [key, value].map((slice) => slice && slice.end - slice.start),
    [0, 0],
  );
});

for (const [what, hex, expected] of [
  ['no command', '0807', null],
  ['nothing', '', null],
  ['a command that is not known', '08079a0600', null],
  ['fields that are not known', '080718051a01618202020807', { kind: 'ping', state: Buffer.alloc(0) }],
  ['two commands, of which the last one counts', 'fa01008202020a00', { kind: 'ping', state: Buffer.alloc(0) }],
  ['a command in the place of a number', '0a00fa0100', { kind: 'empty' }],
  ['a number in the place of a command', 'f80100', null],
] as const) {
  test(`a request may hold ${what}`, () => {
    assert.deepEqual(decodeRequest(Buffer.from(hex, 'hex')).command, expected);
  });
}

test('a topic must be UTF-8', () => {
  const invalid = Buffer.from('920204' + '0a02c328', 'hex');

  assert.throws(() => decodeRequest(invalid), { name: 'BadRequest', message: 'This is not a protobuf message: a string is not UTF-8' });
});

test('damaged requests are read or refused, and nothing else', () => {
  const damage = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 3 });
  fc.assert(
    fc.property(plainRequest, damage, fc.nat(200), (plain, changes, end) => {
      const bytes = encodeByStock(plain).subarray(0, end);
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;

      try {
        decodeRequest(bytes);
      } catch (error) {
        assert.ok(error instanceof GatewayError && error.name === 'BadRequest', String(error));
      }
    }),
  );
});

test('reading ends at the first record or header that is too many, over all messages with one budget', () => {
  const produce = (content: Buffer) => field(101, content);
  const headers = field(2, Buffer.concat(Array(MOST_HEADERS).fill(field(5, Buffer.alloc(0)))));
  const records = (count: number) => produce(Buffer.concat(Array(count).fill(field(2, Buffer.alloc(0)))));
  const budget = new Budget();

  decodeRequest(records(MOST_RECORDS - 1), budget);
  decodeRequest(produce(headers), budget);

  assert.throws(() => decodeRequest(records(1), budget), {
    name: 'TooLarge',
    message: 'The request has more than 50000 records: send at most 50000 in one request',
  });
  assert.throws(() => decodeRequest(produce(Buffer.concat([headers, headers]))), { name: 'TooLarge', message: /100000 headers/ });
});

test('reading ends at the first topic or filter of a subscription that is too many', () => {
  const subscribe = (number: number, count: number) => field(102, Buffer.concat(Array(count).fill(field(number, Buffer.from('a')))));

  const { command } = decodeRequest(subscribe(1, 100));

  assert.ok(command?.kind === 'subscribe');
  assert.equal(command.topics.length, 100);
  assert.throws(() => decodeRequest(subscribe(1, 101)), { name: 'TooLarge', message: /more than 100 topics/ });
  assert.throws(() => decodeRequest(subscribe(4, 11)), { name: 'TooLarge', message: /more than 10 filters/ });
});

/** A field that has a length. */
function field(number: number, content: Buffer): Buffer {
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(content.length)]), content]);
}
