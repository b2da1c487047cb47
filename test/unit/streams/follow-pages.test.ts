import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamEncoder } from '../../../lib/streams/encoder.ts';
import { follow } from '../../../lib/streams/follow.ts';
import type { TailPage } from '../../../lib/streams/tail.ts';

const encoder: StreamEncoder = {
  open: () => 'open ',
  page: (page) => Buffer.from(page.lag === null ? '' : `page ${page.lag} `),
  idle: () => '',
  goAway: () => 'away',
  end: () => 'end',
  error: () => 'error',
};

/** A page that is shown as its number; not at all without one. */
const pageOf = (lag: number | null): TailPage => ({ readings: [], gaps: [], begin: [], next: [], lag });

/** A stream of pages, and what is told of them. */
function streamOf(...pages: TailPage[]) {
  const told: string[] = [];
  async function* all(): AsyncGenerator<TailPage, void> {
    yield* pages;
  }
  const stream = follow(all(), encoder, {
    ...{ start: [], until: Number.POSITIVE_INFINITY, idleMs: Number.POSITIVE_INFINITY, gone: null, closing: null, requestId: 'one' },
    onPage: ({ lag }) => {
      told.push(`${lag} begins`);
      return (isTaken) => told.push(`${lag} ${isTaken ? 'taken' : 'left'}`);
    },
    async onEnd() {
      await Promise.resolve();
      told.push('over');
    },
  });
  return { told, stream };
}

test('a page is told of before it is sent and when it is taken, one that is not shown is not; the end is waited for', async () => {
  const { told, stream } = streamOf(pageOf(1), pageOf(null), pageOf(2));

  for await (const chunk of stream) told.push(`sent ${chunk}`);

  assert.deepEqual(told, ['sent open ', '1 begins', 'sent page 1 ', '1 taken', '2 begins', 'sent page 2 ', '2 taken', 'sent end', 'over']);
});

test('of a page whose client leaves before it has taken it, that is told', async () => {
  const { told, stream } = streamOf(pageOf(1), pageOf(2));

  for await (const chunk of stream) if (String(chunk) === 'page 1 ') break;

  assert.deepEqual(told, ['1 begins', '1 left', 'over']);
});
