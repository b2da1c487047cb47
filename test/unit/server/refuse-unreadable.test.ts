import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { captureLog } from '../../harness/events/http-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { answerTo, HOST, upload } from '../../harness/http/raw-requests.ts';

// No request here gets to Kafka.
configure('127.0.0.1:9');

/** The status, and the body as JSON, of the only answer. */
function read(answer: string) {
  const [head, body] = answer.split('\r\n\r\n');
  assert.match(head, /^x-request-id: [\da-f-]{36}$/m);
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), ...JSON.parse(body) };
}

suite('npm run serve answers as the API does, and logs', () => {
  for (const [what, parts, status, message] of [
    [
      'headers that are too long',
      [`GET /health HTTP/1.1\r\n${HOST}X: ${'x'.repeat(17_000)}\r\n\r\n`],
      431,
      /^The headers of the request are too large/,
    ],
    ['what is not HTTP', ['hello\r\n\r\n'], 400, /^The request cannot be read as HTTP\/1\.1: .*TLS/],
    ['a request without Host', ['GET /health HTTP/1.1\r\n\r\n'], 400, /^The request has no Host header/],
    ['a body whose chunks have no length', [upload('orders', 'Transfer-Encoding: chunked'), 'zz\r\n'], 400, /^The request cannot be read/],
  ] as const) {
    test(what, async (t) => {
      const lines = captureLog(t);

      const answer = read(await answerTo(t, parts));

      assert.equal(answer.status, status);
      assert.equal(answer.error_code, status);
      assert.match(answer.message, message);
      assert.deepEqual(
        lines.filter(({ event }) => event === 'request').map((line) => line.status),
        [status],
      );
      assert.deepEqual(
        lines.filter(({ event }) => event === 'request_failed'),
        [],
      );
    });
  }

  for (const [what, parts] of [
    ['headers that do not end', [`GET /health HTTP/1.1\r\n${HOST}`]],
    ['a body that does not end', [upload('orders', 'Content-Length: 10'), 'abc']],
  ] as const) {
    test(`${what} in time`, { timeout: 20_000 }, async (t) => {
      const lines = captureLog(t);

      const answer = read(await answerTo(t, parts, 400));

      assert.deepEqual([answer.status, answer.error_code], [408, 408]);
      assert.match(answer.message, /^The request has not come as a whole within 0\.4 seconds/);
      assert.equal(lines.filter(({ event }) => event === 'request').length, 1);
    });
  }
});

test('npm run serve says nothing to a connection on which nobody asks', { timeout: 20_000 }, async (t) => {
  assert.equal(await answerTo(t, [], 400), '');
});
