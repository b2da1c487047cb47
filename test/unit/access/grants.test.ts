import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseGrants } from '../../../lib/access/grants.ts';
import { operations } from '../../../lib/access/operations.ts';

const grant = { principal: 'alice', operations: ['produce'], topics: ['orders'] };

test('grants are read as they are written', () => {
  const grants = [
    grant,
    { ...grant, mode: 'jwt' },
    { group: 'analysts', scope: 'kafka*', claim: { tenant: 'acme' }, operations: ['*'], topics: ['a.*', '*'], consumer_groups: ['g'] },
  ];

  assert.deepEqual(parseGrants(JSON.stringify(grants)), grants);
});

test('no grants are grants, too', () => {
  assert.deepEqual(parseGrants('[]'), []);
});

test('all operations can be granted', () => {
  assert.equal(parseGrants(JSON.stringify([{ ...grant, operations }]))[0].operations.length, operations.length);
});

suite('what is no grant is refused with its place:', () => {
  const cases: [what: string, grants: unknown, message: string][] = [
    ['no array', grant, 'it must be a JSON array of grants'],
    ['no object', [grant, 1], '[1] must be an object'],
    ['an unknown member', [{ ...grant, topic: 'orders' }], '[0].topic is no part of a grant'],
    [
      'nobody',
      [{ operations: ['read'], topics: ['a'] }],
      '[0] must say whom it is for: principal ("*" is everyone), group, scope or claim',
    ],
    ['a principal that is no name', [{ ...grant, principal: ['alice'] }], '[0].principal must be names, in which a * may stand at the end'],
    ['an empty name', [{ ...grant, group: '' }], '[0].group must be names, in which a * may stand at the end'],
    ['a star within a name', [{ ...grant, topics: ['a', 'b*c'] }], '[0].topics must be names, in which a * may stand at the end'],
    ['two stars', [{ ...grant, topics: ['**'] }], '[0].topics must be names, in which a * may stand at the end'],
    ['topics that are no array', [{ ...grant, topics: 'orders' }], '[0].topics must be names, in which a * may stand at the end'],
    ['claims that are no object', [{ ...grant, claim: ['tenant'] }], '[0].claim must be an object'],
    ['a claim that is no text', [{ ...grant, claim: { age: 3 } }], '[0].claim must be names, in which a * may stand at the end'],
    ['a claim without any', [{ ...grant, claim: {} }], '[0].claim must be names, in which a * may stand at the end'],
    [
      'a mode without whom',
      [{ mode: 'jwt', operations: ['read'], topics: ['a'] }],
      '[0] must say whom it is for: principal ("*" is everyone), group, scope or claim',
    ],
    ['a mode that names nobody', [{ ...grant, mode: 'none' }], '[0].mode must be iam, jwt, basic, api-key, mtls'],
    ['several modes', [{ ...grant, mode: ['jwt'] }], '[0].mode must be iam, jwt, basic, api-key, mtls'],
    ['an unknown operation', [{ ...grant, operations: ['write'] }], `[0].operations must be *, ${operations.join(', ')}`],
    ['no operations', [{ principal: 'alice', topics: ['a'] }], `[0].operations must be *, ${operations.join(', ')}`],
    ['nothing it is about', [{ principal: 'alice', operations: ['read'] }], '[0] must have topics or consumer_groups'],
  ];
  for (const [what, grants, message] of cases) {
    test(what, () => {
      assert.throws(() => parseGrants(JSON.stringify(grants)), { message });
    });
  }
});

test('a member named __proto__ is no part of a grant', () => {
  const text = '[{"__proto__": {"principal": "*"}, "operations": ["*"], "topics": ["*"]}]';

  assert.throws(() => parseGrants(text), { message: '[0].__proto__ is no part of a grant' });
});

test('what is no JSON is refused without being quoted', () => {
  assert.throws(() => parseGrants('[{"secret"'), { message: 'it must be a JSON array of grants' });
});

test('whatever the JSON, it is read or refused by an Error', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      try {
        assert.ok(Array.isArray(parseGrants(text)));
      } catch (error) {
        assert.ok(error instanceof Error && !(error instanceof TypeError), String(error));
      }
    }),
  );
});
