import assert from 'node:assert/strict';
import { errors } from '../../lib/errors.ts';
import type { Answer } from '../integration/gateway.ts';
import { secretsOfHeaders, secretsOfRecords } from '../leaks/secrets.ts';
import type { FuzzRequest } from './requests.ts';

const MEDIA_TYPE = /^application\/(json|vnd\.kafka(\.(json|binary|text|avro|jsonschema|protobuf))?\.v2\+json)$/;
const LARGEST = 6 * 1024 * 1024;
const LONGEST_MESSAGE = 1000;
/** In Kafka's name: it refused, or did not answer. */
const KAFKAS = new Set([50002, 50003, 50401]);
const known = new Set<string>(Object.values(errors).map(({ status, code }) => `${status} ${code}`));

/** Checks what must hold for the answer to any request whatsoever. */
export function judge(answer: Answer, request: FuzzRequest): void {
  const { status, headers, json, size } = answer;
  assert.match(headers['content-type'], MEDIA_TYPE);
  assert.equal(headers['x-request-id'], 'JKJaXmPLvHcESHA=');
  for (const [name, value] of Object.entries(headers)) assert.match(`${name}: ${value}`, /^[a-z-]+: [ -~]*$/);
  assert.ok(size <= LARGEST, `${size} bytes`);
  if (status === 200 || status === 201) judgeSuccess(request, json);
  else judgeError(answer);
}

function judgeSuccess({ method, path }: FuzzRequest, json: unknown): void {
  assert.ok(typeof json === 'object' && json !== null);
  if (method !== 'POST' || /^\/+admin/.test(path)) return;
  const { offsets, ...others }: { offsets?: unknown } = { ...json };
  assert.deepEqual(others, { key_schema_id: null, value_schema_id: null });
  assert.ok(Array.isArray(offsets) && offsets.length > 0);
  for (const result of offsets) {
    const { error_code: code, offset } = Object(result);
    assert.ok(code === null ? Number.isSafeInteger(offset) && offset >= -1 : offset === null && Number.isSafeInteger(code));
  }
}

function judgeError({ status, headers, json, text }: Answer): void {
  assert.deepEqual(Object.keys(Object(json)), ['error_code', 'message'], text);
  const { error_code: code, message }: { error_code: number; message: string } = Object(json);
  assert.ok(known.has(`${status} ${code}`), text);
  assert.ok(status < 500 || KAFKAS.has(code), text);
  assert.ok(message.length > 0 && message.length <= LONGEST_MESSAGE, text);
  assert.match(message, /^[ -~…]+$/);
  assert.doesNotMatch(message, /127\.0\.0\.1|localhost|ECONN|\.ts\b|\bat \w+ \(|KafkaJS|\[object/);
  assert.equal('retry-after' in headers, status >= 503 || status === 429, text);
}

/** Checks what a request has left in the log: one line that tells of it, and nothing of what it brought. */
export function judgeLog(lines: readonly Record<string, unknown>[], { status }: Answer, { parts }: FuzzRequest): void {
  const told = lines.filter(({ message }) => message === 'request');
  assert.deepEqual([told.length, told[0]?.status, told[0]?.requestId], [1, status, 'JKJaXmPLvHcESHA=']);
  const text = JSON.stringify(lines);
  for (const secret of [...secretsOfHeaders(parts.headers), ...secretsOfRecords(String(parts.body ?? ''))]) {
    assert.ok(!text.includes(JSON.stringify(secret).slice(1, -1)), `${JSON.stringify(secret)} is in ${text}`);
  }
}
