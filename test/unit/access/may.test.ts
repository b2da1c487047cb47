import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Grant } from '../../../lib/access/grants.ts';
import { grantsOfName, may } from '../../../lib/access/may.ts';
import type { NamingMode } from '../../../lib/access/modes.ts';
import { operations } from '../../../lib/access/operations.ts';
import { matches } from '../../../lib/access/pattern.ts';

const grants: Grant[] = [
  { principal: '*', operations: ['produce'], topics: ['orders', 'logs.*'] },
  { principal: '*', operations: ['read', 'commit'], consumer_groups: ['analytics-*'] },
  { principal: '*', operations: ['create'], topics: ['new.*'] },
];

suite('a caller may', () => {
  test('do what is granted on the topic', () => {
    assert.equal(may(grants, 'produce', 'topics', 'orders'), true);
    assert.equal(may(grants, 'produce', 'topics', 'logs.web'), true);
  });

  test('do what is granted on the consumer group', () => {
    assert.equal(may(grants, 'commit', 'consumer_groups', 'analytics-1'), true);
  });

  test('describe what it may do anything else to, but not what it may create', () => {
    assert.equal(may(grants, 'describe', 'topics', 'orders'), true);
    assert.equal(may(grants, 'describe', 'consumer_groups', 'analytics-1'), true);
    assert.equal(may(grants, 'describe', 'topics', 'new.one'), false);
  });

  test('do everything with a star', () => {
    for (const operation of operations) assert.equal(may([{ operations: ['*'], topics: ['*'] }], operation, 'topics', 'any'), true);
  });
});

suite('a caller may not', () => {
  test('do anything without grants', () => {
    for (const operation of operations) assert.equal(may([], operation, 'topics', 'orders'), false);
  });

  test('do something else to the topic', () => {
    assert.equal(may(grants, 'read', 'topics', 'orders'), false);
  });

  test('use a topic whose name begins like a granted one', () => {
    assert.equal(may(grants, 'produce', 'topics', 'orders2'), false);
    assert.equal(may(grants, 'produce', 'topics', 'logs'), false);
    assert.equal(may(grants, 'produce', 'topics', 'ORDERS'), false);
  });

  test('use a topic as if it were a consumer group', () => {
    assert.equal(may(grants, 'read', 'topics', 'analytics-1'), false);
    assert.equal(may(grants, 'produce', 'consumer_groups', 'orders'), false);
  });
});

test('a prefix matches whatever goes on from it, and a name itself alone', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (prefix, rest) => {
      assert.equal(matches(`${prefix}*`, prefix + rest), true);
      if (!prefix.endsWith('*')) assert.equal(matches(prefix, prefix + rest), rest === '');
    }),
  );
});

suite('by name alone', () => {
  const some = { operations: ['read'], topics: ['t'] } as const;

  test('a caller has the grants for that name and those for everyone', () => {
    const own = { ...some, principal: 'arn:aws:sts::123456789012:assumed-role/ingest/*' };
    const all = [own, { ...some, principal: '*' }, { ...some, principal: 'bob' }];

    assert.deepEqual(grantsOfName(all, { principal: 'arn:aws:sts::123456789012:assumed-role/ingest/i-1' }), [
      own,
      { ...some, principal: '*' },
    ]);
  });

  test('a caller has the grants for its mode, and those for any', () => {
    const named = (mode?: NamingMode) => ({ ...some, principal: 'alice', ...(mode && { mode }) });
    const all = [named(), named('basic'), named('jwt'), { ...some, principal: '*', mode: 'basic' as const }];

    assert.deepEqual(grantsOfName(all, { principal: 'alice', mode: 'basic' }), [all[0], all[1], all[3]]);
    assert.deepEqual(grantsOfName(all, { principal: 'alice' }), [all[0]]);
    assert.deepEqual(grantsOfName(all, { principal: 'basic:alice', mode: 'jwt' }), []);
  });

  test('an anonymous caller has those for everyone', () => {
    assert.deepEqual(
      grantsOfName(
        [
          { ...some, principal: '*' },
          { ...some, principal: 'a*' },
        ],
        { principal: null },
      ),
      [{ ...some, principal: '*' }],
    );
  });

  test('nobody has grants that want more than a name', () => {
    const all: Grant[] = [
      { ...some, group: '*' },
      { ...some, principal: '*', scope: '*' },
      { ...some, principal: 'alice', claim: { tenant: 'acme' } },
    ];

    assert.deepEqual(grantsOfName(all, { principal: 'alice' }), []);
  });
});
