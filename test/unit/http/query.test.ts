import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../lib/errors.ts';
import {
  boolean,
  either,
  integer,
  oneOf,
  optional,
  parseQuery,
  queryAfter,
  readQuery,
  text,
  time,
  withDefault,
} from '../../../lib/http/query.ts';

test('a query string is read as browsers read it', () => {
  const pair = fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));

  fc.assert(
    fc.property(fc.array(pair), (pairs) => {
      const written = new URLSearchParams(pairs).toString();

      const query = readQuery(written);

      const read = new URLSearchParams(written);
      assert.deepEqual([...query.keys()], [...new Set(read.keys())]);
      for (const [name, values] of query) assert.deepEqual(values, read.getAll(name));
    }),
  );
});

test('a space may arrive as %20 or as a plus sign', () => {
  assert.deepEqual(
    readQuery('a=x%20y&b=x+y+z&c=x%2By'),
    new Map([
      ['a', ['x y']],
      ['b', ['x y z']],
      ['c', ['x+y']],
    ]),
  );
});

test('empty parts, missing values and further equals signs are no trouble', () => {
  assert.deepEqual(
    readQuery('&&a&b=&c=x=y&'),
    new Map([
      ['a', ['']],
      ['b', ['']],
      ['c', ['x=y']],
    ]),
  );
  assert.equal(readQuery('').size, 0);
});

test('a broken escape is refused', () => {
  for (const query of ['a=%', 'a=%zz', '%ff=1', 'a=%C3%28']) {
    assert.throws(() => readQuery(query), { name: 'BadRequest', status: 400 });
  }
});

test('the names of Object.prototype are names like any other', () => {
  const query = readQuery('__proto__=1&constructor=2&toString=3');

  assert.deepEqual([...query.keys()], ['__proto__', 'constructor', 'toString']);
  assert.deepEqual(parseQuery(query, { limit: optional(integer()) }), { limit: undefined });
});

test('the next query has what is new, and of this one what is kept: every value of it, and nothing that merely sounds known', () => {
  const query = readQuery('offset=1&filter=a%26b&filter=%0d%0a&constructor=1&__proto__=1&other=2');

  assert.equal(queryAfter(query, { offset: '7' }, new Set(['filter'])), '?offset=7&filter=a%26b&filter=%0D%0A');
});

test('parameters are read by type and others are ignored', () => {
  const query = readQuery('limit=10&timestamp=1970-01-01T00%3A00%3A01Z&acks=all&strip=true&path=a.b&other=%20');

  const values = parseQuery(query, {
    limit: integer({ min: 1 }),
    timestamp: optional(time),
    acks: withDefault(oneOf('all', '1', '0'), 'all'),
    strip: withDefault(boolean, false),
    path: optional(text),
    missing: optional(text),
    isolation: withDefault(oneOf('read_committed', 'read_uncommitted'), 'read_committed'),
  });

  const limit: number = values.limit;
  const timestamp: number | undefined = values.timestamp;
  const acks: 'all' | '1' | '0' = values.acks;
  assert.deepEqual(
    { ...values, limit, timestamp, acks },
    {
      limit: 10,
      timestamp: 1000,
      acks: 'all',
      strip: true,
      path: 'a.b',
      missing: undefined,
      isolation: 'read_committed',
    },
  );
});

test('a value that does not parse is refused with what is accepted, not with what was sent', () => {
  const offset = either(integer({ min: 0 }), oneOf('earliest', 'latest'));
  const parse = (query: string) => () =>
    parseQuery(readQuery(query), {
      offset: optional(offset),
      limit: optional(integer({ min: 1, max: 500 })),
      timestamp: optional(time),
      acks: optional(oneOf('all', '1', '0')),
      strip: optional(boolean),
      path: optional(text),
    });

  for (const [query, message] of [
    ['offset=first', 'The query parameter offset must be an integer of at least 0, or earliest or latest'],
    ['limit=0', 'The query parameter limit must be an integer from 1 to 500'],
    ['limit=', 'The query parameter limit must be an integer from 1 to 500'],
    ['limit', 'The query parameter limit must be an integer from 1 to 500'],
    ['timestamp=yesterday', 'The query parameter timestamp must be a time, as Unix milliseconds or ISO 8601 (2031-05-06T07:08:09.123Z)'],
    ['acks=2', 'The query parameter acks must be all, 1 or 0'],
    ['strip=yes', 'The query parameter strip must be true or false'],
    ['path=', 'The query parameter path must be a text that is not empty'],
    ['limit=1&limit=2', 'The query parameter limit is given more than once: give it once'],
    ['limit=1&limit=1', 'The query parameter limit is given more than once: give it once'],
  ]) {
    assert.throws(parse(query), { name: 'BadRequest', status: 400, code: 400, message });
  }
});

test('a required parameter is missed', () => {
  const parse = () => parseQuery(readQuery(''), { offset: integer({ min: 0 }) });

  assert.throws(parse, { name: 'BadRequest', message: 'The query parameter offset is missing: give an integer of at least 0' });
});

test('either parameter may match', () => {
  const when = either(integer({ min: -2, max: -1 }), time);
  const parse = (value: string) => parseQuery(readQuery(`timestamp=${value}`), { timestamp: when }).timestamp;

  assert.equal(parse('-1'), -1);
  assert.equal(parse('-2'), -2);
  assert.equal(parse('0'), 0);
  assert.equal(parse('1970-01-02'), 86_400_000);
  assert.throws(() => parse('-3'), { name: 'BadRequest' });
});

test('false is a value', () => {
  assert.equal(parseQuery(readQuery('strip=false'), { strip: withDefault(boolean, true) }).strip, false);
  assert.equal(parseQuery(readQuery('strip=false'), { strip: either(boolean, text) }).strip, false);
});

test('every safe integer is read back', () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (number) => integer().parse(String(number)) === number));
});

test('what is no integer, or out of bounds, is refused', () => {
  for (const given of [
    '',
    ' 1',
    '1 ',
    '+1',
    '1.5',
    '1.',
    '1e3',
    '0x10',
    '--1',
    '１',
    'NaN',
    'Infinity',
    '9007199254740992',
    '9'.repeat(400),
  ]) {
    assert.equal(integer().parse(given), undefined);
  }
  assert.ok(Object.is(integer().parse('-0'), 0));
  assert.equal(integer({ max: 5 }).parse('6'), undefined);
  assert.equal(integer({ max: 5 }).accepts, 'an integer of at most 5');
});

test('whatever the query, the outcome is a value or an error of ours', () => {
  const name = fc.constantFrom('limit', 'timestamp', 'acks', '%', '');
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer().map(String), fc.constantFrom('all', '%41', '1e400'));
  const query = fc.array(fc.tuple(name, value)).map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));

  fc.assert(
    fc.property(query, (given) => {
      try {
        parseQuery(readQuery(given), { limit: optional(integer({ min: 1 })), timestamp: optional(time), acks: optional(oneOf('all')) });
      } catch (error) {
        assert.ok(error instanceof GatewayError && error.status === 400, String(error));
      }
    }),
  );
});
