import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../lib/errors.ts';
import { Reading } from '../../../lib/kafka/fetch/reading.ts';
import { whole } from '../../../lib/kafka/record.ts';
import { recordFormats } from '../../../lib/records/formats/record-formats.ts';
import { readCursor, writeCursor } from '../../../lib/records/responses/cursor.ts';
import { type FollowOptions, follow, type StreamSummary } from '../../../lib/streams/follow.ts';
import { serverSentEvents } from '../../../lib/streams/sse.ts';
import type { TailPage } from '../../../lib/streams/tail.ts';
import { pass, settled, stopTime } from '../../harness/virtual-time.ts';

const at = (offset: number) => ({ topic: 'orders', partition: 0, offset, until: Number.POSITIVE_INFINITY });
const encoder = serverSentEvents({ formats: { key: recordFormats.json, value: recordFormats.json }, shown: (value) => value });

function pageOf(offset: number, ...values: string[]): TailPage {
  const reading = new Reading(at(offset));
  reading.records = values.map((value, i) => ({
    offset: offset + i,
    timestamp: 0,
    key: null,
    value: whole(Buffer.from(value)),
    headers: null,
  }));
  reading.offset = offset + values.length;
  return { readings: [reading], gaps: [], begin: [at(offset)], next: [at(reading.offset)], lag: 0 };
}

/** A stream of pages that the test hands over. */
function streamOf(t: TestContext, options: Partial<FollowOptions> = {}) {
  stopTime(t);
  const begun = Date.now();
  const asked: PromiseWithResolvers<TailPage | null>[] = [];
  let returned = false;
  async function* pages(): AsyncGenerator<TailPage, void> {
    try {
      for (;;) {
        const next = Promise.withResolvers<TailPage | null>();
        asked.push(next);
        const page = await next.promise;
        if (page === null) return;
        yield page;
      }
    } finally {
      returned = true;
    }
  }
  const summaries: StreamSummary[] = [];
  const sent: { text: string; afterMs: number }[] = [];
  const stream = follow(pages(), encoder, {
    start: [at(0)],
    until: begun + 60_000,
    idleMs: Number.POSITIVE_INFINITY,
    gone: null,
    closing: null,
    requestId: 'one',
    onEnd: (summary) => summaries.push(summary),
    ...options,
  });
  const read = (async () => {
    for await (const chunk of stream) sent.push({ text: chunk.toString(), afterMs: Date.now() - begun });
  })();
  return {
    sent,
    summaries,
    read,
    stream,
    /** Hands over what is asked for. */
    async give(page: TailPage | null | Error) {
      await settled();
      const next = asked.at(-1);
      assert.ok(next);
      if (page instanceof Error) next.reject(page);
      else next.resolve(page);
      await settled();
    },
    get returned() {
      return returned;
    },
  };
}

const cursorAt = (offset: number): string => writeCursor([{ topic: 'orders', partition: 0, offset }]);

test('a stream ends in time, though Kafka has not answered the fetch in flight', async (t) => {
  const one = streamOf(t);

  await pass(t, 60_000 + 5000, 500);
  await one.read;

  assert.match(one.sent.at(-1)?.text ?? '', /event: goaway/);
  assert.deepEqual([one.summaries.map(({ ended }) => ended), one.returned], [['time'], false]);
});

test('a silent stream says every 15 s that it is there, and tells its client in time to come back', async (t) => {
  const one = streamOf(t);

  await pass(t, 60_000, 500);
  await one.give(null);
  await one.read;

  assert.deepEqual(one.sent, [
    { text: `retry: 1000\nid: ${cursorAt(0)}\n\n`, afterMs: 0 },
    { text: `: hb\nid: ${cursorAt(0)}\n\n`, afterMs: 15_000 },
    { text: `: hb\nid: ${cursorAt(0)}\n\n`, afterMs: 30_000 },
    { text: `: hb\nid: ${cursorAt(0)}\n\n`, afterMs: 45_000 },
    { text: `id: ${cursorAt(0)}\nevent: goaway\ndata: {"cursor":"${cursorAt(0)}"}\n\n`, afterMs: 60_000 },
  ]);
  assert.deepEqual([one.summaries[0].ended, one.returned], ['time', true]);
});

test('what its client may no longer have is not sent: the client is to come back for it', async (t) => {
  let isAllowed = true;
  const one = streamOf(t, { isAllowed: async () => isAllowed });

  await one.give(pageOf(0, '1'));
  isAllowed = false;
  await one.give(pageOf(1, '2'));
  await one.read;

  assert.deepEqual(
    one.sent.slice(2).map(({ text }) => text),
    [`id: ${cursorAt(1)}\nevent: goaway\ndata: {"cursor":"${cursorAt(1)}"}\n\n`],
  );
  assert.deepEqual([one.summaries[0].ended, one.summaries[0].records, one.returned], ['time', 1, true]);
});

test('signs of life are for silence: 15 s after the last record', async (t) => {
  const one = streamOf(t);

  await pass(t, 10_000, 500);
  await one.give(pageOf(0, '1'));
  await pass(t, 15_000, 500);

  assert.deepEqual(
    one.sent.map(({ text, afterMs }) => [text.split('\n')[0].split(' ')[0], afterMs]),
    [
      ['retry:', 0],
      ['id:', 10_000],
      [':', 25_000],
    ],
  );
});

test('each event has the cursor behind it', async (t) => {
  const one = streamOf(t);

  await one.give(pageOf(7, '1', '2'));
  await one.give(null);
  await one.read;

  const ids = [...one.sent[1].text.matchAll(/^id: (.*)$/gm)].map(([, id]) => readCursor(id)[0].offset);
  assert.deepEqual(ids, [8, 9]);
  assert.deepEqual([one.summaries[0].ended, one.summaries[0].records], ['complete', 2]);
  assert.match(one.sent[2].text, /^id: .*\nevent: end\n/);
});

test('idle, a stream ends; a record puts that off', async (t) => {
  const one = streamOf(t, { idleMs: 5000 });

  await pass(t, 4000, 500);
  await one.give(pageOf(0, '1'));
  await pass(t, 5000, 500);
  await one.give(null);
  await one.read;

  assert.deepEqual([one.sent.at(-1)?.afterMs, one.summaries[0].ended], [9000, 'idle']);
});

test('a failure is an event, with the way behind what cannot be read', async (t) => {
  const one = streamOf(t);

  await one.give(new GatewayError('KafkaRefused', 'A batch is broken', { goOn: { topic: 'orders', partition: 0, offset: 12 } }));
  await one.read;

  assert.match(one.sent[1].text, /^id: .*\nevent: error\ndata: \{"error_code":50002,"message":"A batch is broken","cursor":".*"\}\n\n$/);
  assert.equal(readCursor(/id: (.*)/.exec(one.sent[1].text)?.[1] ?? '')[0].offset, 12);
  assert.equal(one.summaries[0].ended, 'error');
});

test('what nobody foresaw tells the client nothing but the id of its request', async (t) => {
  const one = streamOf(t);

  await one.give(new TypeError('secret'));
  await one.read;

  assert.match(one.sent[1].text, /"error_code":500,/);
  assert.ok(!one.sent[1].text.includes('secret'));
});

test('a client goes on in front of a page that could not be shown', async (t) => {
  const one = streamOf(t);
  const page = {
    ...pageOf(5, '1'),
    get readings(): never {
      throw new TypeError('it cannot be shown');
    },
  };

  await one.give(pageOf(0, '0'));
  await one.give(page);
  await one.read;

  assert.equal(readCursor(/^id: (.*)\nevent: error/.exec(one.sent[2].text)?.[1] ?? '')[0].offset, 1);
});

test('when the client has left, the stream ends at once and gives back what it holds', async (t) => {
  const left = new AbortController();
  const one = streamOf(t, { gone: left.signal });
  await settled();

  left.abort();
  await one.give(null);
  await one.read;

  assert.deepEqual([one.sent.length, one.summaries[0].ended, one.returned], [1, 'client', true]);
});

test('when the process is about to end, the client is told to come back', async (t) => {
  const closing = new AbortController();
  const one = streamOf(t, { closing: closing.signal });
  await settled();

  closing.abort();
  await one.give(null);
  await one.read;

  assert.match(one.sent[1].text, /event: goaway/);
});
