import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { idPrefix, MAX_CURSOR_LENGTH, type Position, readCursor, writeCursor } from '../../../../lib/records/responses/cursor.ts';
import { isTopicName } from '../../../../lib/topic-name.ts';

const topic = fc.stringMatching(/^[a-zA-Z0-9._-]{1,30}$/).filter(isTopicName);
const position = fc.record(
  { topic, partition: fc.nat(2 ** 31 - 1), offset: fc.maxSafeNat(), incarnation: fc.stringMatching(/^[\w-]{4}$/) },
  { requiredKeys: ['topic', 'partition', 'offset'], noNullPrototype: true },
);
const placeOf = ({ topic: name, partition }: Position) => `${name}@${partition}`;
const positions = fc.uniqueArray(position, { selector: placeOf, maxLength: 40 });
const encoded = (text: string) => Buffer.from(text).toString('base64url');
const sealed = (text: string) => encoded(`${crc32(text).toString(36)}~${text}`);

test('what is written is read again, in its order', () => {
  fc.assert(fc.property(positions, (given) => assert.deepEqual(readCursor(writeCursor(given)), given)));
});

test('topics whose partitions are mixed are named again', () => {
  const mixed = ['a', 'a', 'b', 'a'].map((name, partition) => ({ topic: name, partition, offset: 7 }));

  assert.deepEqual(readCursor(writeCursor(mixed)), mixed);
});

test('it can be read by hand: positions behind a checksum', () => {
  const cursor = writeCursor([
    { topic: 'orders', partition: 0, offset: 3 },
    { topic: 'orders', partition: 1, offset: 7 },
    { topic: 'payments', partition: 12, offset: 0 },
  ]);

  assert.match(cursor, /^[\w-]+$/);
  assert.match(Buffer.from(cursor, 'base64url').toString(), /^[a-z0-9]+~orders@0#3,1#7;payments@12#0$/);
});

test('it has the beginnings of the ids of topics, where they are known', () => {
  const cursor = writeCursor([
    { topic: 'orders', partition: 0, offset: 3, incarnation: 'x-3_' },
    { topic: 'orders', partition: 1, offset: 7, incarnation: 'x-3_' },
    { topic: 'payments', partition: 12, offset: 0 },
  ]);

  assert.match(Buffer.from(cursor, 'base64url').toString(), /^[a-z0-9]+~x-3_,~orders@0#3,1#7;payments@12#0$/);
});

test('positions of topics of one name keep the ids that they have', () => {
  const given = ['abcd', 'abcd', 'efgh', undefined].map((incarnation, partition) => ({
    ...{ topic: 'orders', partition, offset: 7 },
    ...(incarnation !== undefined && { incarnation }),
  }));

  assert.deepEqual(readCursor(writeCursor(given)), given);
});

test('a cursor that would be too long is without ids', () => {
  const ofTopics = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ topic: `topic-${100 + i}`, partition: 0, offset: 1_000_000, incarnation: 'abcd' }));

  const [whole, cut] = [ofTopics(200), ofTopics(260)].map((given) => ({ given, cursor: writeCursor(given) }));

  assert.deepEqual(readCursor(whole.cursor), whole.given);
  assert.deepEqual(
    readCursor(cut.cursor),
    cut.given.map(({ topic: name, partition, offset }) => ({ topic: name, partition, offset })),
  );
  assert.ok([whole, cut].every(({ cursor }) => cursor.length <= MAX_CURSOR_LENGTH));
});

test('the positions without the checksum are a cursor, too', () => {
  assert.deepEqual(readCursor(encoded('orders@0#4,1#77')), [
    { topic: 'orders', partition: 0, offset: 4 },
    { topic: 'orders', partition: 1, offset: 77 },
  ]);
});

test('a cursor that was damaged anywhere is refused', () => {
  const damage = fc.oneof(
    fc.record({ cutTo: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) }),
    fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), put: fc.constantFrom(...'AQz09_-.~ ') }),
  );
  fc.assert(
    fc.property(positions, damage, (given, how) => {
      const cursor = writeCursor(given);
      const at = (share: number) => Math.floor(share * cursor.length);
      const damaged =
        'cutTo' in how ? cursor.slice(0, at(how.cutTo)) : cursor.slice(0, at(how.at)) + how.put + cursor.slice(at(how.at) + 1);
      fc.pre(damaged !== cursor);

      assert.throws(() => readCursor(damaged), { name: 'BadRequest', status: 400, message: /The cursor is damaged/ });
    }),
    { numRuns: 1000 },
  );
});

test('any text is read, or refused as none of ours', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        topic.map((name) => `${name}@0#`),
      ),
      (text) => {
        try {
          readCursor(text);
        } catch (error) {
          assert.equal(error instanceof Error && error.name, 'BadRequest');
        }
      },
    ),
  );
});

test('an id goes on behind its record, plain or as Gravitee’s gateway encodes it', () => {
  const behind = [{ topic: 'test-topic', partition: 0, offset: 2 }];

  assert.deepEqual(readCursor('dGVzdC10b3BpY0AwIzE='), behind);
  assert.deepEqual(readCursor('test-topic@0#1'), behind);
  assert.deepEqual(readCursor(`${idPrefix('test-topic', 0)}1`), behind);
});

test('a cursor of Gravitee’s for many partitions goes on behind what was read last, and from the beginning where that is 0', () => {
  const text = 'orders@0#4,11#0;payments@3#9';
  const read = [
    { topic: 'orders', partition: 0, offset: 5 },
    { topic: 'orders', partition: 11, offset: 0 },
    { topic: 'payments', partition: 3, offset: 10 },
  ];

  assert.deepEqual(readCursor(text), read);
  assert.deepEqual(
    readCursor(Buffer.from(text).toString('base64')).map(({ partition }) => partition),
    [0, 11, 3],
  );
});

for (const [what, cursor] of [
  ['nothing', ''],
  ['a text', 'first'],
  ['a number', '42'],
  ['base64 of something else', encoded('{"offset":1}')],
  ['a topic without a partition', encoded('orders@')],
  ['a partition without an offset', 'orders@0'],
  ['an offset that is none', 'orders@0#-1'],
  ['an offset with a leading zero', 'orders@0#01'],
  ['an offset beyond what a number holds', 'orders@0#9007199254740993'],
  ['a partition that cannot be', 'orders@2147483648#0'],
  ['a partition that is there twice', 'orders@0#1,0#2'],
  ['a partition that is there twice, apart', 'orders@0#1;payments@0#1;orders@0#2'],
  ['a topic that cannot be', 'or ders@0#1'],
  ['a name that Kafka gives no topic', '.@0#1'],
  ['two signs', 'a@b@0#1'],
  ['an id that is too short', sealed('abc~orders@0#1')],
  ['an id that has other signs', sealed('ab/c~orders@0#1')],
  ['more ids than topics', sealed('abcd,abcd~orders@0#1')],
  ['fewer ids than topics', sealed('abcd~orders@0#1;payments@0#1')],
  ['ids twice', sealed('abcd~abcd~orders@0#1')],
  ['ids without topics', sealed('abcd~')],
  ['another checksum', encoded('abc~orders@0#1')],
  ['too much padding', `${encoded('orders@0#4')}====`],
  ['a million signs of padding before a digit', `${'='.repeat(1_000_000)}1`],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(() => readCursor(cursor), { name: 'BadRequest', status: 400 });
  });
}
