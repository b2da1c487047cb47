import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRow, writeRow } from '../../../../../lib/kafka/groups/membership/row.ts';
import { record } from '../../protocol/record.ts';

test('a row is read as it was written, whatever the metadata of the user', () => {
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
    ...{ position: fc.option(offset), replay: fc.option(record({ poll: fc.string(), from: offset })), byHand: fc.boolean() },
  }).filter(({ reader, position, replay, byHand }) => reader !== '' || (position === null && replay === null && !byHand));

  fc.assert(
    fc.property(row, (written) => {
      const { metadata: text = '', ...kept } = writeRow(written);

      assert.deepEqual(readRow({ ...kept, metadata: text ?? '' }), written);
    }),
  );
});

test('metadata that others have committed are those of a user', () => {
  for (const metadata of ['', 'by Java', '{"m":1}', '{"m":"r"']) {
    const row = readRow({ topic: 't', partition: 0, offset: 7, metadata });

    assert.deepEqual([row.committed, row.metadata, row.reader, row.position], [7, metadata, '', null]);
  }
});
