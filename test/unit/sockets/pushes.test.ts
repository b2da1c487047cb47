import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { whole } from '../../../lib/kafka/record.ts';
import { json, protobuf } from '../../../lib/pubsub/form.ts';
import type { Push } from '../../../lib/pubsub/messages.ts';
import { readCursor } from '../../../lib/records/responses/cursor.ts';
import { MAX_MESSAGE_BYTES, PageInPushes, type PushablePage } from '../../../lib/sockets/pushes.ts';

const show = { keyAsText: false, valueAsText: true };
const sizes = fc.array(fc.oneof(fc.nat(200), fc.constantFrom(40_000, 90_000, 300_000)), { maxLength: 12 });
/** Readings of a topic's partitions, whose records have values of so many bytes, every second offset being none that is wanted. */
const pages = fc.array(sizes, { minLength: 1, maxLength: 4 }).map((partitions): PushablePage => {
  const readings = partitions.map((values, partition) => ({
    topic: 't',
    partition,
    offset: 10 + 2 * values.length + 5,
    records: values.map((size, i) => ({
      offset: 10 + 2 * i,
      timestamp: 1,
      key: null,
      value: whole(Buffer.alloc(size, 'a')),
      headers: null,
    })),
  }));
  const places = readings.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
  return { readings, gaps: [], begin: places.map((place) => ({ ...place, offset: 10 })), next: places.toReversed() };
});

function pushesOf(page: PushablePage, form: typeof json, credit: number): Omit<Push, 'credit'>[] {
  const pushes = new PageInPushes(page, form, show);
  const all = [];
  while (!pushes.isOver) all.push(pushes.next(credit));
  return all;
}

for (const form of [protobuf, json]) {
  suite(`a page in pushes as ${form.mediaType}`, () => {
    test('has each record once and in order, in messages that can be sent, with no more of them than there is credit for', () => {
      fc.assert(
        fc.property(pages, fc.integer({ min: 1, max: 5 }), (page, credit) => {
          const pushes = pushesOf(page, form, credit);

          const places = pushes.flatMap(({ records }) => records.map(({ partition, offset }) => `${partition} ${offset}`));
          assert.deepEqual(
            places,
            page.readings.flatMap(({ partition, records }) => records.map(({ offset }) => `${partition} ${offset}`)),
          );
          for (const push of pushes) {
            const { body } = form.write([{ sequence: 2n ** 62n, reply: { kind: 'push', ...push, credit: 1e6 } }], false);
            assert.ok(push.records.length > 0 && push.records.length <= credit);
            assert.ok(Buffer.byteLength(body) <= MAX_MESSAGE_BYTES, `${Buffer.byteLength(body)}`);
          }
        }),
        { numRuns: 40 },
      );
    });

    test('has a cursor with each, which goes on exactly behind it', () => {
      fc.assert(
        fc.property(pages, fc.integer({ min: 1, max: 5 }), (page, credit) => {
          const pushes = pushesOf(page, form, credit);

          let told = 0;
          for (const { records, cursor } of pushes) {
            told += records.length;
            const positions = readCursor(cursor);
            const left = page.readings.flatMap((reading) => {
              const position = positions.find(({ partition }) => partition === reading.partition);
              return reading.records.filter(({ offset }) => offset >= (position?.offset ?? 0));
            });
            const all = page.readings.flatMap(({ records: some }) => some);
            assert.deepEqual(left, all.slice(told));
          }
        }),
        { numRuns: 40 },
      );
    });

    test('has records by their place alone that no message can hold', () => {
      const records = [
        { offset: 0, timestamp: 1, key: null, value: whole(Buffer.alloc(130_000)), headers: null },
        { offset: 1, timestamp: 2, key: null, value: null, headers: null, tooLarge: 5_000_000 },
      ];
      const place = { topic: 't', partition: 0, offset: 2 };
      const page = { readings: [{ ...place, records }], gaps: [], begin: [{ ...place, offset: 0 }], next: [place] };

      const [{ records: shown }] = pushesOf(page, form, 10);

      assert.deepEqual(
        shown.map(({ offset, value, tooLarge }) => [offset, value, tooLarge]),
        [0, 1].map((offset) => [
          offset,
          null,
          'The record is larger than a message of the WebSocket can be: ' +
            `fetch it with GET /topics/t/partitions/0/records?offset=${offset}`,
        ]),
      );
    });
  });
}

test('what had expired is told first, without credit, so many gaps at a time', () => {
  const gaps = Array.from({ length: 250 }, (_, partition) => ({ topic: 't', partition, from: 0, to: 5 }));
  const place = { topic: 't', partition: 0, offset: 6 };
  const records = [{ offset: 5, timestamp: 1, key: null, value: null, headers: null }];
  const pushes = new PageInPushes({ readings: [{ ...place, records }], gaps, begin: [{ ...place, offset: 0 }], next: [place] }, json, show);

  const told = [];
  while (!pushes.needsCredit) told.push(pushes.next(0));

  assert.deepEqual(
    told.map((push) => [push.gaps.length, push.records.length]),
    [
      [100, 0],
      [100, 0],
      [50, 0],
    ],
  );
  assert.equal(pushes.isOver, false);
});

test('keys and values are texts where they are asked for and are UTF-8', () => {
  const place = { topic: 't', partition: 0, offset: 2 };
  const bytes = whole(Buffer.from([0xff]));
  const records = [
    { offset: 0, timestamp: 1, key: whole(Buffer.from('é')), value: bytes, headers: null },
    { offset: 1, timestamp: 1, key: null, value: whole(Buffer.alloc(0)), headers: null },
  ];
  const page = { readings: [{ ...place, records }], gaps: [], begin: [place], next: [place] };

  const { records: shown } = new PageInPushes(page, json, { keyAsText: true, valueAsText: true }).next(5);

  assert.deepEqual(
    shown.map(({ key, value }) => [key, value]),
    [
      ['é', bytes],
      [null, ''],
    ],
  );
});

test('the cursor of a push is in the topic before where what it reads next was read in a new one of the name', () => {
  const place = { topic: 't', partition: 0, offset: 1, incarnation: 'abcd' };
  const record = { offset: 0, timestamp: 1, key: null, value: null, headers: null };
  const readings = [0, 1].map((partition) => ({ ...place, partition, records: [record] }));
  const begin = [
    { ...place, offset: 0 },
    { ...place, partition: 1, offset: 7, incarnation: 'x3Fq' },
  ];
  const pushes = new PageInPushes({ readings, gaps: [], begin, next: readings }, json, show);

  const [first, second] = [pushes.next(1), pushes.next(1)].map(({ cursor }) => readCursor(cursor));

  assert.deepEqual(first, [place, begin[1]]);
  assert.deepEqual(second, [place, { ...place, partition: 1 }]);
});
