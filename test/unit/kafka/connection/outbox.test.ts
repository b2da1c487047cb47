import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { Outbox } from '../../../../lib/kafka/connection/outbox.ts';
import { settled } from '../../../harness/virtual-time.ts';

/** An outbox of a socket that keeps what is written to it, write by write. */
function setUp(failure: Error | null = null) {
  const writes: string[][] = [];
  const take = (chunks: readonly Buffer[], done: (error?: Error | null) => void) => {
    writes.push(chunks.map((chunk) => (chunk.length > 100 ? `${chunk.length} bytes` : chunk.toString())));
    done(failure);
  };
  const socket = new Writable({
    write: (chunk: Buffer, _encoding, done) => take([chunk], done),
    writev: (chunks: { chunk: Buffer }[], done) =>
      take(
        chunks.map(({ chunk }) => chunk),
        done,
      ),
  });
  socket.on('error', () => {});
  return { outbox: new Outbox(() => socket), writes };
}

const request = (...parts: string[]): Buffer[] => parts.map((part) => Buffer.from(part));

test('requests that are made at one time leave in one piece, also those of promises that are settled by then', async () => {
  const { outbox, writes } = setUp();

  outbox.put(request('a'));
  outbox.put(request('b'));
  await Promise.resolve();
  outbox.put(request('c'));
  await settled();
  outbox.put(request('d'));
  await settled();

  assert.deepEqual(writes, [['abc'], ['d']]);
});

test('large requests are not copied', async () => {
  const { outbox, writes } = setUp();

  outbox.put([Buffer.from('head'), Buffer.alloc(70_000)]);
  outbox.put(request('b'));
  await settled();

  assert.deepEqual(writes, [['head', '70000 bytes', 'b']]);
});

test('each who wants to know is told when what went out together is taken over, or that it cannot be', async () => {
  for (const failure of [null, new Error('gone')]) {
    const { outbox } = setUp(failure);
    const told: unknown[] = [];

    outbox.put(request('a'), (error) => told.push(error ?? null));
    outbox.put(request('b'));
    outbox.put(request('c'), (error) => told.push(error ?? null));
    await settled();

    assert.deepEqual(told, [failure, failure]);
  }
});
