import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { whole } from '../../../../lib/kafka/record.ts';
import { recordFormats } from '../../../../lib/records/formats/record-formats.ts';
import { jsonEnd, jsonPage, ndjsonEnd, ndjsonPage } from '../../../../lib/records/responses/json-page.ts';
import { type RecordRun, renderPage } from '../../../../lib/records/responses/render-page.ts';

const end = { nextCursor: 'abc', limit: null, lag: 3, gaps: [{ topic: 'orders', partition: 1, from: 2, to: 5 }] };
const formats = { key: recordFormats.text, value: recordFormats.text };
const runs: fc.Arbitrary<RecordRun[]> = fc.array(
  fc.record({
    topic: fc.stringMatching(/^[a-z._-]{1,20}$/),
    partition: fc.nat(1000),
    records: fc.array(
      fc.record({
        offset: fc.maxSafeNat(),
        timestamp: fc.maxSafeNat(),
        key: fc.option(fc.uint8Array().map((bytes) => whole(Buffer.from(bytes)))),
        value: fc.option(fc.string({ unit: 'binary' }).map((text) => whole(Buffer.from(text)))),
        headers: fc.constant(null),
      }),
      { maxLength: 5 },
    ),
  }),
  { maxLength: 4 },
);
const placesOf = (given: RecordRun[]) =>
  given.flatMap(({ topic, partition, records }) => records.map(({ offset }) => `${topic}@${partition}#${offset}`));

test('whatever the records are, a page is JSON, with each of them in its place', () => {
  fc.assert(
    fc.property(runs, (given) => {
      const { out, count } = renderPage(
        given,
        jsonPage(formats, (value) => value),
        1_000_000,
      );

      const page = JSON.parse(out.toString() + jsonEnd(end));

      assert.deepEqual([page.items.map(({ id }: { id: string }) => id), count], [placesOf(given), placesOf(given).length]);
      for (const { id, topic, partition, offset } of page.items) assert.equal(id, `${topic}@${partition}#${offset}`);
      assert.deepEqual([page.pagination, page.gaps], [{ nextCursor: 'abc', limit: null, lag: 3 }, end.gaps]);
    }),
  );
});

test('as lines, each record is JSON by itself, and the last line is what has none', () => {
  fc.assert(
    fc.property(runs, (given) => {
      const { out, count } = renderPage(
        given,
        ndjsonPage(formats, (value) => value),
        1_000_000,
      );

      const lines = (out.toString() + ndjsonEnd(end, count === 0))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));

      assert.deepEqual(
        lines.map(({ id }) => id),
        [...placesOf(given), undefined],
      );
      assert.deepEqual(lines.at(-1)?.pagination.nextCursor, 'abc');
    }),
  );
});

test('JSON that another producer has written over several lines is shown on one', () => {
  const record = { offset: 0, timestamp: 0, key: null, headers: null };
  const values = ['{\r\n  "a": "b\\nc"\n}\n', '\n1'].map((text) => ({ ...record, value: whole(Buffer.from(text)) }));
  const json = { key: recordFormats.json, value: recordFormats.json };

  const { out } = renderPage(
    [{ topic: 'orders', partition: 0, records: values }],
    ndjsonPage(json, (value) => value),
    1_000_000,
  );

  const lines = out.toString().split(/[\r\n]/);
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).value),
    [{ a: 'b\nc' }, 1],
  );
});

test('a page ends before the record that makes its text too large as a string within JSON', () => {
  fc.assert(
    fc.property(runs, fc.nat(2000), (given, limit) => {
      const { out, count } = renderPage(
        given,
        jsonPage(formats, (value) => value),
        limit,
      );

      const size = Buffer.byteLength(JSON.stringify(out.toString())) - 2;
      assert.ok(count === 0 || size <= limit, `${size} bytes`);
      assert.equal(JSON.parse(out.toString() + jsonEnd(end)).items.length, count);
    }),
  );
});
