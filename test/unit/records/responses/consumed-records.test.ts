import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whole } from '../../../../lib/kafka/record.ts';
import { recordFormats } from '../../../../lib/records/formats/record-formats.ts';
import { closeRecords, consumedRecords } from '../../../../lib/records/responses/consumed-records.ts';
import { renderPage } from '../../../../lib/records/responses/render-page.ts';

const record = (offset: number, value: string | Buffer) => ({
  ...{ offset, timestamp: 1000, key: null, value: whole(Buffer.from(value)), headers: null },
});

/** What a poll answers with these records of two partitions, in at most so many bytes. */
function answer(values: (string | Buffer)[], limit = 10_000) {
  const format = recordFormats.text;
  const runs = [0, 1].map((partition) => ({ topic: 'a"b', partition, records: values.map((value, i) => record(i, value)) }));
  const { out, count } = renderPage(runs, consumedRecords({ key: format, value: format }), limit);
  out.put(closeRecords);
  return { records: JSON.parse(out.toString()), count };
}

test('records of several partitions are one array, each with its place', () => {
  const { records, count } = answer(['x', 'ü']);

  assert.equal(count, 4);
  assert.deepEqual(
    records.map(({ topic, partition, offset, value }: Record<string, unknown>) => [topic, partition, offset, value]),
    [0, 1].flatMap((partition) => [
      ['a"b', partition, 0, 'x'],
      ['a"b', partition, 1, 'ü'],
    ]),
  );
});

test('without records it is an empty array', () => {
  assert.deepEqual(answer([]), { records: [], count: 0 });
});

test('it ends before the record that does not fit; of one that never does, the metadata are shown', () => {
  const short = answer(['x'.repeat(100)], 300);
  const [{ value, error }] = answer(['x'.repeat(1000)], 700).records;

  assert.deepEqual([short.count, short.records.length], [1, 1]);
  assert.deepEqual([value, error.error_code], [null, 413]);
});

test('bytes that are not text come with their error, beside those that are', () => {
  const { records } = answer(['x', Buffer.from([0xff])]);

  assert.deepEqual(
    records.slice(0, 2).map((one: { value: unknown; error?: { error_code: number } }) => [one.value, one.error?.error_code]),
    [
      ['x', undefined],
      [null, 40801],
    ],
  );
});
