import assert from 'node:assert/strict';
import { errors } from '../../lib/errors.ts';
import { isV3, type RouteKey } from '../../lib/http/api.ts';
import { matchRoute } from '../../lib/http/router.ts';
import type { Answer } from '../harness/http/gateway.ts';
import { secretsOfHeaders } from '../harness/leaks/secrets.ts';
import { judgeMessage } from './message.ts';
import type { FuzzRequest } from './requests.ts';
import { judgeSuccess } from './successes.ts';

const ERROR_TYPES = /^application\/(json|vnd\.kafka(\.(json|binary|text|avro|jsonschema|protobuf))?\.v2\+json)$/;
const LARGEST = 6 * 1024 * 1024;
/** In Kafka's name: it did not answer. What it refuses is what the request had wrong. */
const KAFKAS = new Set([50003, 50401]);
const known = new Set<string>(Object.values(errors).map(({ status, code }) => `${status} ${code}`));

/**
 * Checks what must hold for the answer to any request whatsoever.
 *
 * @returns the route that did what it was asked for; null for an error
 */
export function judge(answer: Answer, { method, path }: FuzzRequest): RouteKey | null {
  const { status, headers, size } = answer;
  assert.equal(headers['x-request-id'], 'JKJaXmPLvHcESHA=');
  // The console's files alone may be kept.
  const isFile = path.startsWith('/console') && [200, 304].includes(status);
  assert.match(headers['cache-control'], isFile ? /^(no-cache|.*immutable)$/ : /^no-store$/);
  for (const [name, value] of Object.entries(headers)) assert.match(`${name}: ${value}`, /^[a-z-]+: [ -~]*$/);
  assert.ok(size <= LARGEST, `${size} bytes`);
  // As the answer to GET, which is judged by itself, but for the body.
  if (method === 'HEAD') {
    assert.equal(answer.text, '');
    return null;
  }
  if (status >= 300) {
    judgeError(answer, isV3(path));
    return null;
  }
  const { route } = matchRoute(method, path);
  judgeSuccess(route, answer);
  return route;
}

function judgeError({ status, headers, json, text }: Answer, v3: boolean): void {
  assert.match(headers['content-type'], v3 ? /^application\/json$/ : ERROR_TYPES);
  assert.deepEqual(Object.keys(Object(json)), ['error_code', 'message'], text);
  const { error_code: code, message }: { error_code: number; message: string } = Object(json);
  assert.ok(known.has(`${status} ${code}`), text);
  assert.ok(status < 500 || KAFKAS.has(code), text);
  judgeMessage(message, text);
  assert.equal('retry-after' in headers, status >= 503 || status === 429, text);
}

/** Checks what a request has left in the log: one line that tells of it, and nothing of what it brought. */
export function judgeLog(lines: readonly Record<string, unknown>[], { status }: Answer, { parts, secrets }: FuzzRequest): void {
  const told = lines.filter(({ event }) => event === 'request');
  assert.deepEqual([told.length, told[0]?.status, told[0]?.requestId], [1, status, 'JKJaXmPLvHcESHA=']);
  const text = JSON.stringify(lines);
  assert.doesNotMatch(text, /The gateway failed/);
  for (const secret of [...secretsOfHeaders(parts.headers), ...secrets]) {
    assert.ok(!text.includes(JSON.stringify(secret).slice(1, -1)), `${JSON.stringify(secret)} is in ${text}`);
  }
}
