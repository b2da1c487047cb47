import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { atBeginning, cursorOf, hasReached, placesBefore, placesOf, placesText, readPlaces } from '../../../../lib/console/page/places.ts';
import { readCursor, writeCursor } from '../../../../lib/records/responses/cursor.ts';

const bounds = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 8 });

test('going back page by page comes to each offset once', () => {
  fc.assert(
    fc.property(bounds, fc.integer({ min: 1, max: 100 }), (partitions, count) => {
      const beginnings = new Map(partitions.map(([beginning], i) => [i, beginning]));
      const ends = new Map(partitions.map(([beginning, size], i) => [i, beginning + size]));
      const seen = new Set<string>();
      let pages = 0;
      for (let until = ends; !atBeginning(until, beginnings); pages++) {
        const from = new Map(placesBefore(until, beginnings, count));
        for (const [partition, end] of until) {
          for (let offset = from.get(partition) ?? end; offset < end; offset++) {
            const place = `${partition}#${offset}`;
            assert.ok(!seen.has(place), place);
            seen.add(place);
          }
        }
        until = from;
      }

      const all = partitions.reduce((sum, [, size]) => sum + size, 0);
      assert.equal(seen.size, all);
      assert.ok(pages <= Math.ceil(all / count) + partitions.length, `${pages} pages`);
    }),
  );
});

test('the API reads the cursors of the page, and the page those of the API', () => {
  const places = new Map([
    [0, 7],
    [12, 9_007_199_254_740_991],
  ]);
  const positions = [...places].map(([partition, offset]) => ({ topic: 'a.b-c', partition, offset }));

  assert.deepEqual(readCursor(cursorOf('a.b-c', places)), positions);
  assert.deepEqual(placesOf(writeCursor(positions)), places);
});

test('places survive an address, and what is none is left out', () => {
  const places = new Map([
    [0, 1],
    [3, 2],
  ]);

  assert.deepEqual(readPlaces(placesText(places)), places);
  assert.deepEqual(readPlaces('x,1#,2#5'), new Map([[2, 5]]));
});

test('a reader has come to the end once every partition has', () => {
  const until = new Map([
    [0, 5],
    [1, 5],
  ]);

  assert.deepEqual([hasReached(new Map([[0, 5]]), until), hasReached(new Map([...until, [2, 0]]), until)], [false, true]);
});
