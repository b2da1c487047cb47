import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { json, protobuf } from '../../../lib/pubsub/form.ts';
import { response } from './arbitraries.ts';

/** What a result takes of Lambda's answer, in which a body is a string within JSON. */
const sizeInAnswer = (body: string): number => Buffer.byteLength(JSON.stringify(body)) - 2;

for (const form of [protobuf, json]) {
  suite(form.mediaType, () => {
    test('a body is no longer than the room that its response takes', () => {
      fc.assert(
        fc.property(response, (one) => {
          const { body } = form.write([one], false);

          assert.ok(form.roomIn(sizeInAnswer(body)) <= form.sizeOf(one), `${form.roomIn(sizeInAnswer(body))} > ${form.sizeOf(one)}`);
        }),
      );
    });

    test('a page takes no more room than its messages and its frame', () => {
      fc.assert(
        fc.property(response, (one) => {
          fc.pre(one.reply.kind === 'page');
          if (one.reply.kind !== 'page') return;
          const messages = one.reply.messages.map(form.sizeOfMessage).reduce((sum, size) => sum + size, 0);

          assert.ok(form.sizeOf(one) <= messages + 300, `${form.sizeOf(one)} > ${messages} + 300`);
        }),
      );
    });

    test('results take no more room than is reckoned with', () => {
      const [most, time] = [Number.MAX_SAFE_INTEGER, 9_999_999_999_999];
      const written = { partition: 2 ** 31 - 1, offset: most, timestamp: time };
      const failed = { error: { code: 130, message: '', detail: '', retryAfterMs: 3_600_000, nextOffset: null, maybeWritten: true } };
      const results = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? written : failed));

      const size = form.sizeOf({ sequence: -1n, reply: { kind: 'produced', results } });

      assert.ok(size <= 1000 * form.sizeOfResult + 100, `${size}`);
    });
  });
}

test('several responses in protobuf are as long as they take room', () => {
  fc.assert(
    fc.property(fc.array(response, { maxLength: 4 }), (several) => {
      const { body } = protobuf.write(several, true);

      const room = several.map(protobuf.sizeOf).reduce((sum, size) => sum + size, 0);
      assert.ok(Buffer.from(body, 'base64').length <= room);
    }),
  );
});
