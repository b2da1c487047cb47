import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { NamingMode } from '../../../lib/access/modes.ts';
import { parseRules } from '../../../lib/limits/parse-rules.ts';
import { chargesOf, type Use } from '../../../lib/limits/use.ts';

const use: Use = { operation: 'produce', principal: 'alice', sourceAddress: '192.0.2.1', headers: {}, records: [{ topic: 'orders' }] };

/** The costs of a use, item by item, for rules that say so much. */
function charged(rules: object[], parts: Partial<Use> = {}): number[][] {
  const parsed = parseRules(
    JSON.stringify(rules.map((rule, i) => ({ kind: 'fixed-window', limit: 10, window: i + 1, key: 'all', ...rule }))),
  );
  return [...chargesOf(parsed, { ...use, ...parts }).values()].map((charges) => charges.map(({ cost }) => cost));
}

const keyOf = (key: string | string[], parts: Partial<Use>): string => {
  const [rule] = parseRules(JSON.stringify([{ kind: 'fixed-window', limit: 1, window: 1, key }]));
  return [...chargesOf([rule], { ...use, ...parts }).keys()].join();
};

suite('a rule applies', () => {
  test('to the operations, topics and principals that it names', () => {
    assert.deepEqual(charged([{ operations: ['produce', 'read'] }, { operations: 'read' }]), [[1]]);
    assert.deepEqual(charged([{ topics: ['ord*'] }, { topics: 'payments' }]), [[1]]);
    assert.deepEqual(charged([{ principals: 'al*' }, { principals: ['bob'] }]), [[1]]);
    assert.deepEqual(charged([{ principals: '*' }], { principal: null }), []);
  });

  test('to requests about no topic, unless it is about topics', () => {
    assert.deepEqual(charged([{}, { topics: '*' }, { key: 'topic' }], { records: [] }), [[1]]);
  });
});

suite('a use costs', () => {
  const bytes = Buffer.from('0123456789');
  const records = [
    { topic: 'a', key: { bytes, start: 0, end: 3 }, value: { bytes, start: 3, end: 10 }, headers: [{ key: 'é', value: bytes }] },
    { topic: 'a', key: null, value: null, headers: [{ key: 'k', value: null }] },
    { topic: 'b', key: null, value: { bytes, start: 0, end: 4 }, headers: null },
  ];

  test('one request, its records, or the bytes of their keys, values and headers', () => {
    assert.deepEqual(charged([{}, { of: 'records' }, { of: 'bytes' }], { records }), [[1, 3, 27]]);
  });

  test('what goes to the topics of the rule', () => {
    assert.deepEqual(charged([{ topics: 'b' }, { of: 'records', topics: 'b' }, { of: 'bytes', topics: 'b' }], { records }), [[1, 1, 4]]);
  });

  test('each topic its own share, where topics are told apart', () => {
    assert.deepEqual(
      charged(
        [
          { key: 'topic', of: 'records' },
          { key: 'topic', of: 'bytes' },
        ],
        { records },
      ),
      [
        [2, 23],
        [1, 4],
      ],
    );
  });
});

suite('counts are kept apart', () => {
  test('by what the key says, and by nothing else', () => {
    assert.equal(keyOf('principal', {}), keyOf('principal', { sourceAddress: '192.0.2.9', headers: { a: 'b' } }));
    assert.notEqual(keyOf('principal', {}), keyOf('principal', { principal: 'bob' }));
    assert.notEqual(keyOf('source-address', {}), keyOf('source-address', { sourceAddress: '192.0.2.9' }));
    assert.notEqual(keyOf('api-key', { headers: { 'x-api-key': 'a' } }), keyOf('api-key', { headers: { 'x-api-key': 'b' } }));
    assert.notEqual(keyOf('header:X-Tenant', { headers: { 'x-tenant': 'a' } }), keyOf('header:x-tenant', { headers: { 'x-tenant': 'b' } }));
    assert.notEqual(keyOf(['principal', 'topic'], {}), keyOf(['principal', 'topic'], { records: [{ topic: 'b' }] }));
    assert.equal(keyOf('all', {}), keyOf('all', { principal: 'bob' }));
  });

  test('of whom the same text is of two kinds', () => {
    const headers = { 'x-api-key': 'alice' };

    assert.notEqual(keyOf('principal', { headers }), keyOf('api-key', { headers }));
  });

  test('of callers who have one name by several modes', () => {
    const keys = (['jwt', 'basic', 'api-key', 'mtls'] as const).map((mode) => keyOf('principal', { mode }));

    assert.equal(new Set([...keys, keyOf('principal', {})]).size, 5);
    assert.equal(keyOf('principal', { mode: 'iam' }), keyOf('principal', {}));
  });

  test('by the name of a key that was found right, and not by a header beside other credentials', () => {
    const keyed = (mode: NamingMode, key: string, principal = 'alice') =>
      keyOf('api-key', { mode, principal, headers: { 'x-api-key': key } });

    assert.equal(keyed('api-key', 'alice.1'), keyed('api-key', '\u00a0alice.1'));
    assert.notEqual(keyed('api-key', 'alice.1'), keyed('api-key', 'alice.1', 'bob'));
    for (const mode of ['iam', 'jwt', 'basic', 'mtls'] as const) assert.equal(keyed(mode, 'a'), keyed(mode, 'b', 'bob'));
  });

  test('by the address where the principal is a connection', () => {
    const connection = (name: string, sourceAddress?: string) =>
      keyOf('principal', { principal: name, mode: 'iam', passing: true, ...(sourceAddress && { sourceAddress }) });

    assert.equal(connection('connection:a'), connection('connection:b'));
    assert.notEqual(connection('connection:a'), connection('connection:a', '192.0.2.9'));
    assert.equal(charged([{ principals: '*' }], { principal: 'connection:a', passing: true }).length, 1);
  });

  test('by the network of an IPv6 address', () => {
    for (const key of ['source-address', 'header:x-tenant']) {
      const from = (sourceAddress: string) => keyOf(key, { sourceAddress });

      assert.equal(from('2001:db8::1'), from('2001:DB8:0:0:ffff::'));
      assert.notEqual(from('2001:db8::1'), from('2001:db8:0:1::1'));
      assert.equal(from('::ffff:192.0.2.1'), from('192.0.2.1'));
    }
  });

  test('by the address of callers who lack what the key is made of: to leave it away does not help', () => {
    assert.notEqual(keyOf('header:x-tenant', {}), keyOf('header:x-tenant', { sourceAddress: '192.0.2.9' }));
    assert.equal(keyOf('header:x-tenant', {}), keyOf('header:x-tenant', { principal: 'bob' }));
    assert.notEqual(keyOf('header:x-tenant', {}), keyOf('header:x-tenant', { headers: { 'x-tenant': '192.0.2.1' } }));
  });
});
