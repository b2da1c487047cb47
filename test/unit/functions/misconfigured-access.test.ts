import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { handler as openapi } from '../../../functions/openapi.ts';
import { handler as metadata } from '../../../functions/topic-metadata.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

for (const [variable, value] of [
  ['GATEWAY_AUTH', 'open'],
  ['GATEWAY_GRANTS', '{'],
] as const) {
  suite(`where ${variable} is wrong`, () => {
    for (const [path, handler] of [
      ['/', metadata],
      ['/health', metadata],
      ['/docs', openapi],
      ['/openapi.json', openapi],
    ] as const) {
      test(`${path} is refused as all else is, and the log names the variable`, async (t) => {
        t.mock.property(process, 'env', { ...process.env, [variable]: value });
        const lines = captureLog(t);

        const { statusCode, body } = await handler(httpEvent('GET', path), lambdaContext());

        assert.deepEqual(
          [statusCode, JSON.parse(body).message],
          [500, 'The gateway is not configured: ask its operator to read its log, which says what to set'],
        );
        assert.ok(JSON.stringify(lines).includes(variable));
      });
    }
  });
}
