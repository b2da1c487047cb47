import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { responseToJson } from '../../../../lib/pubsub/json/response.ts';
import { response as writeResponse } from '../../../../lib/pubsub/protobuf/response.ts';
import { encodeMessage, joinDelimited, sizeOfMessage } from '../../../../lib/pubsub/protobuf/writer.ts';
import { decodeByStock, responseByStock, splitByStock } from '../../../harness/pubsub/stock-runtime.ts';
import { response } from '../arbitraries.ts';

test('the stock runtime reads in protobuf what the JSON says', () => {
  fc.assert(
    fc.property(response, (one) => {
      const bytes = encodeMessage(writeResponse(one));

      const json = JSON.parse(JSON.stringify(responseToJson(one)));
      assert.deepEqual(decodeByStock(bytes), responseByStock(json));
      assert.equal(bytes.length, sizeOfMessage(writeResponse(one)));
    }),
  );
});

test('what is zero or empty takes no bytes', () => {
  const none = { code: 0, message: '', detail: '', retryAfterMs: 0, nextOffset: null, maybeWritten: false };

  const bytes = encodeMessage(writeResponse({ sequence: 0n, reply: { kind: 'error', ...none } }));

  assert.equal(bytes.toString('hex'), 'fa0100');
});

test('the stock runtime cuts a stream of responses', () => {
  fc.assert(
    fc.property(fc.array(response, { maxLength: 4 }), (several) => {
      const messages = several.map((one) => encodeMessage(writeResponse(one)));

      assert.deepEqual(splitByStock(joinDelimited(messages)), messages.map(decodeByStock));
    }),
  );
});
