import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Reading, type ReadPosition } from '../../../lib/kafka/fetch/reading.ts';
import { whole } from '../../../lib/kafka/record.ts';
import { joinTail, sharedPages } from '../../../lib/streams/shared-tail.ts';
import type { TailPage } from '../../../lib/streams/tail.ts';
import { FakeLogs } from '../../harness/fake-broker/fake-logs.ts';
import { settled } from '../../harness/virtual-time.ts';

const at = (offset: number): ReadPosition => ({ topic: 'orders', partition: 0, offset, until: Number.POSITIVE_INFINITY });

/** A page of one record, of so many bytes. */
function pageOf(offset: number, bytes = 1): TailPage {
  const reading = new Reading(at(offset));
  reading.records = [{ offset, timestamp: 0, key: null, value: whole(Buffer.alloc(bytes)), headers: null }];
  reading.offset = offset + 1;
  return { readings: [reading], gaps: [], begin: [at(offset)], next: [at(offset + 1)], lag: 0 };
}

/** Tails whose pages the test hands over, and readers of them. */
function readersOf(t: TestContext) {
  const { cluster } = new FakeLogs(1);
  const opened: { start: number; asked: number; stopped: boolean; give(page: TailPage | Error): void }[] = [];
  let end = 5;
  const open = (start: readonly ReadPosition[], stop: AbortSignal): AsyncGenerator<TailPage, void> => {
    let next = Promise.withResolvers<TailPage | null>();
    stop.addEventListener('abort', () => next.resolve(null));
    const tail = {
      ...{ start: start[0].offset, asked: 0, stopped: false },
      give(page: TailPage | Error) {
        if (page instanceof Error) next.reject(page);
        else next.resolve(page);
      },
    };
    opened.push(tail);
    return (async function* () {
      try {
        for (;;) {
          tail.asked++;
          const page = await next.promise;
          next = Promise.withResolvers();
          if (page === null) return;
          yield page;
        }
      } finally {
        tail.stopped = true;
      }
    })();
  };
  const reader = async (kind = 'one') => {
    const gone = new AbortController();
    t.after(() => gone.abort());
    const seat = await joinTail(cluster, kind, { begin: async () => [at(end)], open });
    const pages = sharedPages(seat, (start) => open(start, gone.signal), [gone.signal]);
    const offsets: number[] = [];
    return {
      begin: seat.position[0].offset,
      offsets,
      gone,
      pages,
      /** Reads the next page as soon as there is one. */
      async read() {
        const { value, done } = await pages.next();
        if (!done) offsets.push(value.begin[0].offset);
        return done !== true;
      },
    };
  };
  const endsAt = (offset: number): void => {
    end = offset;
  };
  return { opened, reader, endsAt };
}

test('readers of the same share one tail, each from where it is when they come', async (t) => {
  const { opened, reader, endsAt } = readersOf(t);
  const [one, two] = [await reader(), await reader()];
  const first = [one.read(), two.read()];
  await settled();
  opened[0].give(pageOf(5));
  await Promise.all(first);
  endsAt(100);

  const three = await reader();
  const second = [one.read(), two.read(), three.read()];
  await settled();
  opened[0].give(pageOf(6));
  await Promise.all(second);

  assert.deepEqual([one.offsets, two.offsets, three.offsets], [[5, 6], [5, 6], [6]]);
  assert.deepEqual([opened.length, three.begin], [1, 6]);
});

test('readers of something else have a tail of their own, and so has the one too many', async (t) => {
  const { opened, reader } = readersOf(t);

  for (let i = 0; i < 129; i++) await reader();
  await reader('two');
  await settled();

  assert.equal(opened.length, 3);
});

test('a page is read when the first reader wants it, and no earlier', async (t) => {
  const { opened, reader } = readersOf(t);
  const [one, two] = [await reader(), await reader()];
  await settled();
  const before = opened[0].asked;

  const reading = one.read();
  await settled();
  opened[0].give(pageOf(5));
  await reading;
  await settled();

  assert.deepEqual([before, opened[0].asked], [0, 1]);
  await two.read();
  assert.deepEqual(two.offsets, [5]);
});

test('a reader that falls more than a megabyte behind goes on alone, without a gap, and does not hold up the others', async (t) => {
  const { opened, reader } = readersOf(t);
  const [fast, slow] = [await reader(), await reader()];
  for (let offset = 5; offset < 10; offset++) {
    const reading = fast.read();
    await settled();
    opened[0].give(pageOf(offset, 400_000));
    await reading;
  }

  await slow.read();
  await slow.read();
  const alone = slow.read();
  await settled();
  opened[1].give(pageOf(opened[1].start));
  await alone;

  assert.deepEqual(fast.offsets, [5, 6, 7, 8, 9]);
  assert.deepEqual(slow.offsets, [5, 6, 7]);
  assert.equal(opened[1].start, 7);
});

test('a tail that fails ends the streams of all its readers, and the next one begins another', async (t) => {
  const { opened, reader } = readersOf(t);
  const [one, two] = [await reader(), await reader()];
  const reading = [one.read(), two.read()];
  await settled();

  opened[0].give(new Error('the topic is gone'));

  for (const failed of reading) await assert.rejects(failed, /the topic is gone/);
  await reader();
  assert.deepEqual([opened.length, opened[0].stopped], [2, true]);
});

test('when the last reader has left, whether it has read or not, the tail ends', async (t) => {
  const { opened, reader } = readersOf(t);
  const [one, two] = [await reader(), await reader()];
  const reading = one.read();
  await settled();

  one.gone.abort();
  const whileOneIsLeft = opened[0].stopped;
  two.gone.abort();
  await settled();

  assert.deepEqual([await reading, whileOneIsLeft, opened[0].stopped], [false, false, true]);
  await reader();
  assert.equal(opened.length, 2);
});

test('readers that cannot begin are told why, and the next one begins anew', async () => {
  const { cluster } = new FakeLogs(1);
  const source = { begin: () => Promise.reject(new Error('no leader')), open: () => assert.fail('nothing is read') };

  await assert.rejects(joinTail(cluster, 'one', source), /no leader/);
  await assert.rejects(joinTail(cluster, 'one', { ...source, begin: () => Promise.reject(new Error('again')) }), /again/);
});
