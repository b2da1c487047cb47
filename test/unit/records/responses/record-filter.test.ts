import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type StoredRecord, whole } from '../../../../lib/kafka/record.ts';
import { fieldIsOneOf, readFilters } from '../../../../lib/records/responses/record-filter.ts';
import { withoutSchemaHeader } from '../../../../lib/records/responses/schema-header.ts';

const slice = (text: string | null) => (text === null ? null : whole(Buffer.from(text)));
const record = (value: string | null, key: string | null = null, headers: [string, string | null][] = []): StoredRecord => ({
  offset: 0,
  timestamp: 0,
  key: slice(key),
  value: slice(value),
  headers: headers.map(([name, text]) => ({ key: name, value: text === null ? null : Buffer.from(text) })),
});
const holds = (filters: string | string[], of: StoredRecord) => readFilters([filters].flat(), (value) => value)(of);

const order = record(
  '{"id":7,"customer":{"name":"Ann \\u0041"},"tags":["a","b"],"total":12.50,"large":9007199254740993,"a.b":true,"none":null}',
  'k-1',
  [
    ['source', 'web'],
    ['source', 'app'],
    ['empty', null],
  ],
);

for (const filter of [
  'key==k-1',
  'key!=k-2',
  'key',
  'header.source==web',
  'header.source==app',
  'header.source',
  'header.source!=mail',
  'header.missing!=web',
  'value.id==7',
  'value.customer.name==Ann A',
  'value.tags.1==b',
  'value.total==12.50',
  'value.total>12',
  'value.total>=12.5',
  'value.total<1e2',
  'value.id<=7',
  'value.large>9007199254740992',
  'value.a\\.b==true',
  'value.none!=7',
  'value.missing!=7',
  'value',
]) {
  test(`${filter} holds`, () => {
    assert.equal(holds(filter, order), true);
  });
}

for (const filter of [
  'key==k',
  'key!=k-1',
  'header.source==mail',
  'header.source!=web',
  'header.empty',
  'header.Source==web',
  'value.id==8',
  'value.id!=7',
  'value.total==12.5',
  'value.total>12.5',
  'value.large<=9007199254740992',
  'value.customer.name>1',
  'value.none',
  'value.none>=0',
  'value.tags.2',
  'value==7',
]) {
  test(`${filter} does not hold`, () => {
    assert.equal(holds(filter, order), false);
  });
}

test('all filters must hold', () => {
  assert.deepEqual([holds(['key==k-1', 'value.id==7'], order), holds(['key==k-1', 'value.id==8'], order)], [true, false]);
});

test('whole keys and values that are JSON strings are equal to their content, and to their text', () => {
  assert.deepEqual(
    ['value==web', 'value=="web"', 'value==w'].map((filter) => holds(filter, record('"web"'))),
    [true, true, false],
  );
});

test('a value that is not JSON, or not there, has no fields', () => {
  for (const value of [null, '', 'text', '{"id":7', '{"id":"\\ud800"}']) {
    assert.deepEqual([holds('value.id', record(value)), holds('value.id!=7', record(value))], [false, true]);
  }
});

test('only the part of a value that is shown counts', () => {
  const stored = record('\0\0\0\0\x07{"id":7}');

  assert.equal(readFilters(['value.id==7'], withoutSchemaHeader)(stored), true);
});

test('what is compared with may hold any characters, and a name any that are escaped', () => {
  assert.equal(holds('header.a\\=\\=b==c==d>e', record(null, null, [['a==b', 'c==d>e']])), true);
});

test('no bytes of a record make a filter fail', () => {
  const filter = readFilters(['value.a.b==1', 'value!=x', 'key!=x', 'value.a>1'], (value) => value);
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (key, value) => {
      filter({ ...order, key: whole(Buffer.from(key)), value: whole(Buffer.from(value)) });
    }),
  );
});

for (const filter of [
  '',
  '==',
  'id==7',
  'headers.a==b',
  'header.',
  'header.==b',
  'value.==1',
  'value.a>b',
  'value.a<',
  'key<=k',
  'value.@this==1',
  'x'.repeat(1001),
]) {
  test(`"${filter.slice(0, 20)}" is refused`, () => {
    assert.throws(() => holds(filter, order), { name: 'BadRequest', status: 400 });
  });
}

const isFor = (field: string, texts: string[], of: StoredRecord): boolean => fieldIsOneOf(field, texts)(of);

test('a field is one of some texts', () => {
  assert.equal(isFor('key', ['k-0', 'k-1'], order), true);
  assert.equal(isFor('value.id', ['7'], order), true);
  assert.equal(isFor('value.customer.name', ['Ann A'], order), true);
  assert.equal(isFor('key', ['k-2'], order), false);
  assert.equal(isFor('value.missing', ['7'], order), false);
  assert.equal(isFor('value.id', ['7'], record('no JSON')), false);
});

test('a header that stands there more than once must be one of them each time', () => {
  assert.equal(isFor('header.source', ['web', 'app'], order), true);
  assert.equal(isFor('header.source', ['web'], order), false);
  assert.equal(
    isFor(
      'header.source',
      ['web'],
      record(null, null, [
        ['source', 'web'],
        ['source', null],
      ]),
    ),
    false,
  );
  assert.equal(isFor('header.missing', ['web'], order), false);
});

test('no field is one of no texts, and none of a record that is too large to be looked into', () => {
  assert.equal(isFor('key', [], order), false);
  assert.equal(isFor('key', ['k-1'], { ...order, tooLarge: 1 }), false);
});
