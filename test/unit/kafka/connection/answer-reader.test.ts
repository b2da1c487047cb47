import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AnswerReader } from '../../../../lib/kafka/connection/answer-reader.ts';

interface Answer {
  correlationId: number;
  payload: Buffer;
}

function framed({ correlationId, payload }: Answer): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + payload.length);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, payload]);
}

function readAll(chunks: readonly Buffer[]): Answer[] {
  const answers: Answer[] = [];
  const reader = new AnswerReader((correlationId, payload) => answers.push({ correlationId, payload }));
  for (const chunk of chunks) reader.take(chunk);
  return answers;
}

/** The same where each chunk is read into the room for it, as sockets do. */
function readIntoRoom(chunks: readonly Buffer[]): Answer[] {
  const answers: Answer[] = [];
  const reader = new AnswerReader((correlationId, payload) => answers.push({ correlationId, payload }));
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const { room } = reader;
      const size = chunk.copy(room, 0, at);
      reader.take(room.subarray(0, size));
      at += size;
    }
  }
  return answers;
}

/** The bytes in pieces of the sizes, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]) chunks.push(bytes.subarray(at, at + sizes[i % sizes.length]));
  return chunks;
}

const answer = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.uint8Array({ maxLength: 50 }))
  .map(([correlationId, payload]) => ({ correlationId, payload: Buffer.from(payload) }));

test('answers are what they were, however the socket cuts them', () => {
  fc.assert(
    fc.property(fc.array(answer), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }), (answers, sizes) => {
      const chunks = cut(Buffer.concat(answers.map(framed)), sizes);

      assert.deepEqual(readAll(chunks), answers);
      assert.deepEqual(readIntoRoom(chunks), answers);
    }),
  );
});

test('what is read afterwards does not change an answer', () => {
  const answers = [1, 2, 3].map((correlationId) => ({ correlationId, payload: Buffer.alloc(40, correlationId) }));

  assert.deepEqual(readIntoRoom(answers.map(framed)), answers);
});

test('what is left of an answer that has begun is read into the answer itself', () => {
  const payloads: Buffer[] = [];
  const reader = new AnswerReader((_, payload) => payloads.push(payload));
  const whole = framed({ correlationId: 1, payload: Buffer.from('so far, and the rest') });

  reader.take(whole.subarray(0, 20));
  const { room } = reader;
  whole.copy(room, 0, 20);
  reader.take(room);

  assert.equal(room.length, whole.length - 20);
  assert.equal(payloads[0].toString(), 'so far, and the rest');
  assert.equal(room.buffer, payloads[0].buffer);
});

test('an answer of many chunks is copied once, into a buffer of its own size', () => {
  const payload = Buffer.alloc(1_000_000, 7);

  const [{ payload: read }] = readAll(cut(framed({ correlationId: 1, payload }), [65_536]));

  assert.deepEqual(read, payload);
  assert.equal(read.buffer.byteLength, 1_000_004);
});

for (const [what, bytes] of [
  ['a TLS alert', Buffer.from('15030300020228', 'hex')],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ['a negative size', Buffer.from('ffffffff00000000', 'hex')],
  ['a size that has no room for a correlation id', Buffer.from('0000000300000000', 'hex')],
] as const) {
  test(`${what} is no answer, and nothing is kept for it`, () => {
    assert.throws(() => readAll([bytes]), { name: 'ForeignAnswer' });
  });
}
