import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parseDocument } from 'yaml';
import { preflightHeaders } from '../../../lib/admission/cors.ts';
import { operationsOf, parseDescription, readDescriptionText } from '../../../lib/openapi/description.ts';

const PAGE = 'https://app.example';
/** Headers with a name that the client chooses. */
const ANY_NAME = /^kafka-header-/;
/** Those that docs/api tells of, and no parameter of openapi.yaml is: of subscriptions, of traces, and of CloudEvents. */
const TOLD = ['if-match', 'traceparent', 'tracestate', 'ce-id', 'ce-source', 'ce-specversion', 'ce-type', 'ce-time', 'ce-partitionkey'];

function allowedHere(): string[] {
  process.env.CORS_ORIGINS = PAGE;
  const asked = preflightHeaders('OPTIONS', { origin: PAGE, 'access-control-request-method': 'POST' });
  return asked?.['access-control-allow-headers'].split(',') ?? [];
}

suite('a page of another origin', () => {
  test('may send every request header that the API knows', () => {
    const known = operationsOf(parseDescription(readDescriptionText()))
      .flatMap(({ parameters }) => parameters.filter((one) => one.in === 'header'))
      .map(({ name }) => name.toLowerCase());

    const allowed = allowedHere();

    assert.deepEqual(
      [...new Set([...known, ...TOLD])].filter((name) => !allowed.includes(name) && !ANY_NAME.test(name)),
      [],
    );
  });

  test('may send the same to a deployment', () => {
    const cors = parseDocument(readFileSync(join(import.meta.dirname, '../../../infra/stack/cors.yml'), 'utf8'), { logLevel: 'silent' });
    const configuration = cors.getIn(['extensions', 'HttpApi', 'Properties', 'CorsConfiguration', 1, 'AllowHeaders']);

    assert.deepEqual(JSON.parse(JSON.stringify(configuration)), allowedHere());
  });
});
