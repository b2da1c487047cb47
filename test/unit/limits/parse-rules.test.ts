import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseRules } from '../../../lib/limits/parse-rules.ts';

const parse = (...rules: object[]) => parseRules(JSON.stringify(rules));
const minimal = { kind: 'fixed-window', key: 'principal', limit: 10, window: 60 };

test('a rule of each kind is read, with what it does not say', () => {
  const [fixed, sliding, bucket, concurrency] = parse(
    minimal,
    { ...minimal, kind: 'sliding-window', window: 1 },
    { kind: 'leaky-bucket', key: 'all', rate: 0.5, burst: 3, delay: 0.25 },
    { kind: 'concurrency', key: ['topic', 'header:X-Tenant'], limit: 5, name: 'at-once', status: 503, code: 42_900, message: 'Later!' },
  );

  const anywhere = { operations: null, topics: null, principals: null };
  const refusal = { status: 429, code: 429, message: null };
  const { id, ...rest } = fixed;
  assert.match(id, /^[\w-]{6}$/);
  assert.deepEqual(rest, {
    name: 'limit 1',
    key: ['principal'],
    of: 'requests',
    ...anywhere,
    kind: 'fixed-window',
    limit: 10,
    slotMs: 60_000,
    slots: 1,
    refusal,
  });
  assert.deepEqual([sliding.kind === 'sliding-window' && [sliding.slotMs, sliding.slots]], [[100, 11]]);
  assert.deepEqual(bucket.kind === 'leaky-bucket' && [bucket.key, bucket.rate, bucket.burst, bucket.delayMs], [[], 0.5, 3, 250]);
  assert.deepEqual(
    [concurrency.name, concurrency.key, concurrency.refusal],
    ['at-once', ['header:x-tenant', 'topic'], { status: 503, code: 42_900, message: 'Later!' }],
  );
});

test('a rule that counts records or bytes is about producing', () => {
  const [records] = parse({ ...minimal, of: 'records' });

  assert.deepEqual(records.operations, ['produce']);
});

test('what is counted names a rule, not how much of it is allowed', () => {
  const idOf = (rule: object) => parse({ ...minimal, ...rule })[0].id;

  assert.equal(idOf({ limit: 99, name: 'other', message: 'no', status: 400 }), idOf({}));
  for (const other of [{ window: 61 }, { key: 'topic' }, { operations: ['read'] }, { topics: 'a' }, { principals: 'a' }, { of: 'bytes' }]) {
    assert.notEqual(idOf(other), idOf({}), JSON.stringify(other));
  }
});

suite('a mistake is told with its place:', () => {
  const mistakes: [text: string | object[], problem: RegExp][] = [
    ['[', /^GATEWAY_LIMITS must be JSON$/],
    ['{}', /^GATEWAY_LIMITS must be a JSON array/],
    ['[1]', /^GATEWAY_LIMITS\[0\] must be an object$/],
    [[minimal, { ...minimal, kind: 'window' }], /^GATEWAY_LIMITS\[1\]\.kind must be one of fixed-window, sliding-window, /],
    [[{ ...minimal, key: undefined }], /\[0\]\.key must say who is counted/],
    [[{ ...minimal, key: [] }], /\[0\]\.key must not be empty/],
    [[{ ...minimal, key: 'ip' }], /\[0\]\.key cannot hold "ip"/],
    [[{ ...minimal, key: 'header:' }], /\[0\]\.key cannot hold "header:"/],
    [[{ ...minimal, key: ['all', 'topic'] }], /\[0\]\.key can be "all", or parts/],
    [[{ ...minimal, limit: 0 }], /\[0\]\.limit must be a number from 1 to /],
    [[{ ...minimal, limit: 1.5 }], /\[0\]\.limit must be a whole number/],
    [[{ ...minimal, limit: '10' }], /\[0\]\.limit must be a number/],
    [[{ ...minimal, window: undefined }], /\[0\]\.window must be a number/],
    [[{ ...minimal, window: 3e6 }], /\[0\]\.window must be a number from 1 to 2678400/],
    [[{ ...minimal, burst: 3 }], /\[0\]\.burst has no meaning here/],
    [[{ ...minimal, windw: 3 }], /\[0\]\.windw has no meaning here/],
    [[{ ...minimal, of: 'messages' }], /\[0\]\.of must be one of requests, records, bytes/],
    [[{ ...minimal, of: 'bytes', operations: ['read'] }], /\[0\]\.operations can only be produce where bytes are counted/],
    [[{ ...minimal, operations: ['write'] }], /\[0\]\.operations cannot hold "write"/],
    [[{ ...minimal, topics: [7] }], /\[0\]\.topics cannot hold 7/],
    [[{ ...minimal, status: 200 }], /\[0\]\.status must be a number from 400 to 599/],
    [[{ ...minimal, message: 'a\nb' }], /\[0\]\.message must be text/],
    [[{ ...minimal, name: 'a b' }], /\[0\]\.name must be text/],
    [[{ kind: 'concurrency', key: 'all', limit: 1, of: 'bytes' }], /\[0\]\.of has no meaning here/],
    [[{ kind: 'leaky-bucket', key: 'all', rate: 0, burst: 1 }], /\[0\]\.rate must be a number from 0\.001/],
    [[{ kind: 'leaky-bucket', key: 'all', rate: 0.001, burst: 1e6 }], /\[0\]\.burst must have leaked out within 31 days/],
    [[{ kind: 'leaky-bucket', key: 'all', rate: 1, burst: 1, delay: 11 }], /\[0\]\.delay must be a number from 0 to 10/],
    [[minimal, { ...minimal, limit: 5 }], /GATEWAY_LIMITS\[1\] counts the same as GATEWAY_LIMITS\[0\]/],
  ];
  for (const [rules, problem] of mistakes) {
    const text = typeof rules === 'string' ? rules : JSON.stringify(rules);
    test(text, () => {
      assert.throws(() => parseRules(text), { message: problem });
    });
  }
});

test('whatever the JSON, it is read or refused by its place', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.array(fc.dictionary(fc.constantFrom('kind', 'key', 'limit', 'window', '__proto__'), fc.jsonValue())),
      (text, rules) => {
        for (const each of [text, JSON.stringify(rules)]) {
          try {
            parseRules(each);
          } catch (error) {
            assert.ok(error instanceof Error && error.message.startsWith('GATEWAY_LIMITS'), String(error));
          }
        }
      },
    ),
  );
});
