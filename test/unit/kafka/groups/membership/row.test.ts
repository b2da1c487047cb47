import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { emptyRow, Rows, readRow, writeRow } from '../../../../../lib/kafka/groups/membership/row.ts';
import { record } from '../../protocol/record.ts';

const metadata = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('{"m":"x","p":1}', '{"m":', ''));
const offset = fc.nat(2 ** 31 - 1);
const row = record({
  ...{
    topic: fc.constant('t'),
    partition: fc.nat(9),
    committed: fc.integer({ min: -1, max: 99 }),
    metadata,
    reader: fc.constantFrom('', 'r'),
  },
  ...{ position: fc.option(offset), replay: fc.option(record({ poll: fc.string(), from: offset })) },
  ...{ byHand: fc.boolean(), term: fc.option(record({ ms: offset, mark: offset, latest: offset, slack: offset })) },
}).filter(
  ({ reader, position, replay, byHand, term }) => reader !== '' || (position === null && replay === null && !byHand && term === null),
);

test('a row is read as it was written, whatever the metadata of the user', () => {
  fc.assert(
    fc.property(row, (written) => {
      const { metadata: text = '', ...kept } = writeRow(written);

      assert.deepEqual(readRow({ ...kept, metadata: text ?? '' }), written);
    }),
  );
});

test('a row that is known is read as one that is not, whether it has changed since or not', () => {
  const known = row.map((one) => ({ ...one, partition: 0 }));

  fc.assert(
    fc.property(known, known, fc.boolean(), (before, after, hasChanged) => {
      const { metadata: text, ...kept } = writeRow(hasChanged ? after : before);
      const stored = { ...kept, metadata: text ?? '' };

      assert.deepEqual(Rows.read([stored], [before]).all(), [readRow(stored)]);
    }),
  );
});

test('a row that was empty when it was last read is read where it is not any more', () => {
  const place = { topic: 't', partition: 0 };

  assert.equal(Rows.read([{ ...place, offset: 4, metadata: '' }], [emptyRow(place)]).of(place).committed, 4);
});

test('metadata that others have committed are those of a user', () => {
  for (const metadata of ['', 'by Java', '{"m":1}', '{"m":"r"']) {
    const row = readRow({ topic: 't', partition: 0, offset: 7, metadata });

    assert.deepEqual([row.committed, row.metadata, row.reader, row.position], [7, metadata, '', null]);
  }
});
