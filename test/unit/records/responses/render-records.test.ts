import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Slice, type StoredRecord, whole } from '../../../../lib/kafka/record.ts';
import { type RecordFormatName, recordFormats } from '../../../../lib/records/formats/record-formats.ts';
import * as responses from '../../../../lib/records/responses/render-records.ts';
import { recordSize } from '../../../../lib/records/responses/write-record.ts';
import { anyText } from '../text-arbitrary.ts';

const ample = 1_000_000;

function renderRecords(...parameters: Parameters<typeof responses.renderRecords>): { text: string; count: number } {
  const { out, count } = responses.renderRecords(...parameters);
  return { text: out.toString(), count };
}

function stored(
  fields: { key?: Buffer | string | null; value?: Buffer | string | null } & Partial<Pick<StoredRecord, 'headers' | 'offset'>>,
): StoredRecord {
  const { key = null, value = null, headers = null, offset = 7 } = fields;
  const slice = (bytes: Buffer | string | null) => (bytes === null ? null : whole(Buffer.from(bytes)));
  return { key: slice(key), value: slice(value), headers, offset, timestamp: 1700000000000 };
}

const render = (format: RecordFormatName, records: StoredRecord[], maxEncodedBytes = ample) =>
  renderRecords(recordFormats[format], 'orders', 2, records, { maxEncodedBytes });

/** The only record of a page, without what all records have. */
function only(format: RecordFormatName, record: StoredRecord, stripSchemaHeader = false) {
  const { text, count } = renderRecords(recordFormats[format], 'orders', 2, [record], { maxEncodedBytes: ample, stripSchemaHeader });
  assert.equal(count, 1);
  const [{ topic, partition, offset, timestamp, ...rest }] = JSON.parse(text);
  assert.deepEqual([topic, partition, offset, timestamp], ['orders', 2, 7, 1700000000000]);
  return rest;
}

test('a page looks as the API shows it', () => {
  const headers = [
    { key: 'h', value: Buffer.from('x') },
    { key: 'h', value: null },
    { key: '', value: Buffer.alloc(0) },
  ];
  const records = [stored({ key: '"k"', value: '{"a":1.0}' }), stored({ offset: 8, headers })];

  assert.deepEqual(render('json', records), {
    count: 2,
    text:
      '[{"topic":"orders","partition":2,"offset":7,"timestamp":1700000000000,"key":"k","value":{"a":1.0},"headers":[]},' +
      '{"topic":"orders","partition":2,"offset":8,"timestamp":1700000000000,"key":null,"value":null,' +
      '"headers":[{"key":"h","value":"eA=="},{"key":"h","value":null},{"key":"","value":""}]}]',
  });
});

test('no records are an empty array', () => {
  assert.deepEqual(render('binary', []), { text: '[]', count: 0 });
});

test('null and empty stay apart', () => {
  assert.deepEqual(only('binary', stored({ key: '', value: null })), { key: '', value: null, headers: [] });
  assert.deepEqual(only('text', stored({ key: null, value: '' })), { key: null, value: '', headers: [] });
});

test('no headers are an empty array, however they are stored', () => {
  assert.deepEqual(only('binary', stored({ headers: [] })).headers, []);
});

test('whitespace and digits of stored JSON are shown as they are', () => {
  const { text } = render('json', [stored({ value: ' {"n": 12345678901234567890.10,\n"n":1}' })]);

  assert.ok(text.includes('"value": {"n": 12345678901234567890.10,\n"n":1},'));
});

test('a value that is not JSON comes as its bytes with an error, and its neighbours as they are', () => {
  const { text, count } = render('json', [stored({ value: '1' }), stored({ key: '"k"', value: 'hello' }), stored({ value: '2' })]);
  const [first, second, third] = JSON.parse(text);

  assert.equal(count, 3);
  assert.deepEqual([first.value, third.value], [1, 2]);
  assert.deepEqual([second.key, second.value, second.raw_key, second.raw_value], ['k', null, null, 'aGVsbG8=']);
  assert.deepEqual(second.error, { error_code: 40801, message: 'The value is not JSON: raw_value has its bytes in base64' });
});

test('a key that is not JSON does not hide its value', () => {
  assert.deepEqual(only('json', stored({ key: 'user-1', value: '{"a":1}', headers: [{ key: 'h', value: null }] })), {
    key: null,
    value: { a: 1 },
    headers: [{ key: 'h', value: null }],
    raw_key: 'dXNlci0x',
    raw_value: null,
    error: { error_code: 40801, message: 'The key is not JSON: raw_key has its bytes in base64' },
  });
});

test('key and value that are not JSON are both given as bytes', () => {
  assert.deepEqual(only('json', stored({ key: '', value: '\0\x01' })), {
    key: null,
    value: null,
    headers: [],
    raw_key: '',
    raw_value: 'AAE=',
    error: { error_code: 40801, message: 'The key is not JSON, the value is not JSON: raw_key and raw_value have their bytes in base64' },
  });
});

test('keys may be shown in another format than values', () => {
  const options = { maxEncodedBytes: ample, keyFormat: recordFormats.text };

  const { text } = renderRecords(recordFormats.json, 'orders', 2, [stored({ key: 'plain', value: '{"a":1}' })], options);

  const [{ key, value, error }] = JSON.parse(text);
  assert.deepEqual([key, value, error], ['plain', { a: 1 }, undefined]);
});

test('a format may say of each field why it is not shown', () => {
  const never = { content: 'shown', write: () => false, fault: ({ end }: Slice) => `has ${end} bytes` };

  const { text } = renderRecords(never, 'orders', 2, [stored({ key: 'k', value: 'value' })], { maxEncodedBytes: ample });

  const [{ error }] = JSON.parse(text);
  assert.equal(error.message, 'The key has 1 bytes, the value has 5 bytes: raw_key and raw_value have their bytes in base64');
});

for (const format of ['json', 'text'] as const) {
  test(`in the ${format} format, one value that is not UTF-8 does not hide the others`, () => {
    const bad = Buffer.from([0x22, 0xff, 0x22]);

    const { text, count } = render(format, [stored({ value: '"é"' }), stored({ key: '"k"', value: bad }), stored({ value: '"€"' })]);

    const [first, second, third] = JSON.parse(text);
    const shown = (value: string) => (format === 'json' ? value : JSON.stringify(value));
    assert.equal(count, 3);
    assert.deepEqual([first.value, third.value], [shown('é'), shown('€')]);
    assert.deepEqual([second.key, second.value, second.raw_key, second.raw_value], [shown('k'), null, null, bad.toString('base64')]);
    assert.equal(second.error.error_code, 40801);
  });
}

test('in the text format, an error says what the bytes are not', () => {
  const { error } = only('text', stored({ key: Buffer.from([0xc3]), value: 'v' }));

  assert.equal(error.message, 'The key is not UTF-8: raw_key has its bytes in base64');
});

test('the header of a schema registry is cut off values, not off keys', () => {
  const framed = Buffer.from([0, 0, 0, 0, 9, 0x7b, 0x7d]);

  assert.deepEqual(only('binary', stored({ key: framed, value: framed }), true), { key: 'AAAAAAl7fQ==', value: 'e30=', headers: [] });
  assert.deepEqual(only('binary', stored({ value: framed }), false).value, 'AAAAAAl7fQ==');
  assert.deepEqual(only('json', stored({ value: framed }), true).value, {});
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\0', 'a', '€'), maxLength: 30 }).map((text) => Buffer.from(text)),
  fc.json({ maxDepth: 2 }).map((text) => Buffer.from(JSON.stringify(JSON.parse(text), null, '\t'))),
);
const header = fc.record({
  key: anyText(5),
  value: fc.option(fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array))),
});
const record = fc
  .record({
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.option(fc.array(header, { maxLength: 2 })),
    offset: fc.maxSafeNat(),
  })
  .map(stored);

for (const format of ['binary', 'json', 'text'] as const) {
  test(`in the ${format} format, a page takes as many records as fit, to the byte`, () => {
    const encodedSize = (text: string) => Buffer.byteLength(JSON.stringify(text));

    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), fc.nat({ max: 2000 }), fc.constantFrom(-1, 0, 1), (records, some, near) => {
        const sizes = records.map((_, i) => encodedSize(render(format, records.slice(0, i + 1)).text));
        // Half of the limits are right at the size of some page.
        const limit = some % 2 === 0 || sizes.length === 0 ? some : sizes[some % sizes.length] + near;

        const { text, count } = render(format, records, limit);

        assert.equal(count, sizes.filter((size) => size <= limit).length);
        assert.equal(text, render(format, records.slice(0, count)).text);
        assert.equal(JSON.parse(text).length, count);
      }),
      { numRuns: 500 },
    );
  });
}

test('a first record that does not fit by itself leaves an empty page', () => {
  assert.deepEqual(render('binary', [stored({ value: Buffer.alloc(ample) }), stored({})]), { text: '[]', count: 0 });
  assert.deepEqual(render('text', [stored({ value: '"'.repeat(ample / 3) })]), { text: '[]', count: 0 });
});

test('a large page is counted to its end', () => {
  const records = Array.from({ length: 2000 }, (_, i) => stored({ value: `{"text":"${'\\"'.repeat(i % 50)}"}`, offset: i }));
  const { text: full } = render('json', records, Number.MAX_SAFE_INTEGER);
  const size = Buffer.byteLength(JSON.stringify(full));

  assert.equal(render('json', records, size).count, 2000);
  assert.equal(render('json', records, size - 1).count, 1999);
});

test('the size of a record is that of its key, value and headers', () => {
  const headers = [
    { key: 'é', value: Buffer.alloc(10) },
    { key: 'a', value: null },
  ];

  assert.equal(recordSize(stored({ key: 'abc', value: Buffer.alloc(1000), headers })), 3 + 1000 + 2 + 10 + 1);
  assert.equal(recordSize(stored({})), 0);
});
