import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MANY, matchesGlob, ONE, parseGlob } from '../../../../lib/records/key-path/glob.ts';

const matches = (text: string, pattern: string) => matchesGlob(text, parseGlob(pattern));

test('a backslash makes ordinary characters of * and ?', () => {
  assert.deepEqual(parseGlob('a*?'), ['a', MANY, ONE]);
  assert.deepEqual(parseGlob('\\a\\*\\?\\\\'), ['a', '*', '?', '\\']);
  assert.deepEqual(parseGlob('a\\'), ['a', '\\']);
});

for (const [pattern, yes, no] of [
  ['', [''], ['a']],
  ['abc', ['abc'], ['ab', 'abcd', 'xabc', 'ABC']],
  ['*', ['', 'a', 'abc'], []],
  ['a*', ['a', 'abc'], ['', 'ba']],
  ['*c', ['c', 'abc', 'cc'], ['', 'cb']],
  ['a*c', ['ac', 'abc', 'acbc'], ['a', 'c', 'acb']],
  ['*b*', ['b', 'abc'], ['', 'ac']],
  ['*ab*ab*', ['abab', 'xabxabx'], ['ab', 'aba']],
  ['a**c', ['ac', 'abc'], ['a']],
  ['?', ['a', 'é', '😀'], ['', 'ab']],
  ['a?c', ['abc', 'a😀c'], ['ac', 'abbc']],
  ['*??', ['ab', 'abc', '😀a'], ['a', '😀']],
  ['\\**', ['*', '*a'], ['a']],
] as const) {
  test(`${pattern || 'the empty pattern'} covers ${yes.join(', ')} and not ${no.join(', ')}`, () => {
    for (const text of yes) assert.ok(matches(text, pattern), text);
    for (const text of no) assert.ok(!matches(text, pattern), text);
  });
}

test('texts match as the pattern does as a regular expression', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), maxLength: 12 });

  fc.assert(
    fc.property(short, text, (pattern, candidate) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su');

      // Many stars in a row take a regular expression long, and say the same as one.
      assert.equal(matches(candidate, pattern), new RegExp(expression.source.replaceAll(/(\.\*)+/g, '.*'), 'su').test(candidate));
    }),
    { numRuns: 1000 },
  );
});

test('a pattern that tries hard to match ends', () => {
  assert.ok(!matches('a'.repeat(100_000), `${'*a'.repeat(100)}*b`));
});
