import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type CopiedRange, copyRanges } from '../../../../lib/kafka/share-groups/copy-ranges.ts';
import { initProducerIdAnswer, keys, produceAnswer, readProduce } from '../../../harness/fake-broker/broker-side.ts';
import { FakeLogs } from '../../../harness/fake-broker/fake-logs.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const MESSAGE_TOO_LARGE = 10;
const BATCH_RECORDS = 10;

/** The topic `orders` with batches of ten records, each of which holds its offset, and the topic `dead`. */
function world(t: TestContext, { batches, padding = '' }: { batches: number; padding?: string }) {
  stopTime(t);
  const logs = new FakeLogs(1);
  const [orders] = logs.topic('orders', 1);
  logs.topic('dead', 1);
  for (let i = 0; i < batches; i++) {
    orders.append(...Array.from({ length: BATCH_RECORDS }, (_, n) => `offset ${i * BATCH_RECORDS + n};${padding}`));
  }
  const state = { produceError: 0 };
  const copied: number[] = [];
  logs.others = ({ key, body, version }) => {
    if (key === keys.initProducerId) return initProducerIdAnswer({});
    assert.equal(key, keys.produce);
    if (state.produceError === 0) {
      for (const { batch } of readProduce(body).batches) {
        copied.push(...[...batch.toString('latin1').matchAll(/offset (\d+);/g)].map(([, offset]) => Number(offset)));
      }
    }
    return produceAnswer(version, [{ topic: 'dead', partition: 0, error: state.produceError, baseOffset: 0 }]);
  };
  const copy = async (...ranges: [first: number, last: number][]) => {
    const all = ranges.map(([first, last]): CopiedRange => ({ topic: 'orders', partition: 0, first, last, deliveries: 1 }));
    const errors = await timePasses(
      t,
      copyRanges(logs.cluster, all, () => 'dead', 'rejected', Date.now() + 10_000),
    );
    return errors.map((error) => error?.name ?? null);
  };
  return { logs, orders, state, copied, copy };
}

test('records that are rejected singly are read once, however many there are', async (t) => {
  const { logs, copied, copy } = world(t, { batches: 50 });

  const errors = await copy(...Array.from({ length: 500 }, (_, offset): [number, number] => [499 - offset, 499 - offset]));

  assert.deepEqual(new Set(errors), new Set([null]));
  assert.deepEqual(
    copied,
    Array.from({ length: 500 }, (_, offset) => offset),
  );
  assert.equal(logs.fetches.length, 1);
});

test('a read holds a part of the log, and passes what lies between the ranges', async (t) => {
  const { logs, copied, copy } = world(t, { batches: 200, padding: 'x'.repeat(5000) });

  const errors = await copy([3, 4], [1990, 1990], [12, 12]);

  assert.deepEqual(
    [errors, copied],
    [
      [null, null, null],
      [3, 4, 12, 1990],
    ],
  );
  assert.deepEqual(
    logs.fetches.map(({ partitions: [{ offset }] }) => offset),
    [3, 1990],
  );
  assert.ok(logs.fetches.every(({ maxBytes }) => maxBytes <= 256 * 1024));
});

test('a record is copied once, though two receipts are of it', async (t) => {
  const { copied, copy } = world(t, { batches: 1 });

  assert.deepEqual(
    [await copy([0, 3], [2, 2], [3, 5]), copied],
    [
      [null, null, null],
      [0, 1, 2, 3, 4, 5],
    ],
  );
});

test('what retention has deleted keeps the rest from nothing', async (t) => {
  const { orders, copied, copy } = world(t, { batches: 3 });
  orders.beginning = 20;
  orders.batches.splice(0, 2);

  assert.deepEqual(
    [await copy([0, 5], [18, 22], [25, 25]), copied],
    [
      [null, null, null],
      [20, 21, 22, 25],
    ],
  );
});

test('what a new leader does not show yet is not taken for copied', async (t) => {
  const { orders, copied, copy } = world(t, { batches: 1 });

  const before = await copy([9, 9], [10, 12]);
  orders.append('offset 10;', 'offset 11;', 'offset 12;');
  const after = await copy([10, 12]);

  assert.deepEqual([before, after, copied], [[null, 'KafkaUnavailable'], [null], [9, 10, 11, 12]]);
});

test('a batch that cannot be read concerns its own records only', async (t) => {
  const { orders, copied, copy } = world(t, { batches: 3 });
  const [, { bytes }] = orders.batches;
  bytes[bytes.length - 1] ^= 1;

  assert.deepEqual(
    [await copy([9, 9], [10, 11], [19, 20], [21, 21]), copied],
    [
      [null, 'KafkaRefused', 'KafkaRefused', null],
      [9, 20, 21],
    ],
  );
});

test('each range has the error of its own records', async (t) => {
  const { state, copy } = world(t, { batches: 1 });
  state.produceError = MESSAGE_TOO_LARGE;

  assert.deepEqual(await copy([0, 1], [5, 5]), ['TooLarge', 'TooLarge']);
});
