import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MANY, ONE, parseGlob } from '../../../../lib/records/key-path/glob.ts';

const matches = (text: string, pattern: string) => parseGlob(pattern).matches(text);
/** The tokens of a pattern, with characters as text. */
const tokensOf = (pattern: string) => parseGlob(pattern).tokens.map((token) => (token < 0 ? token : String.fromCodePoint(token)));

test('a backslash makes ordinary characters of * and ?', () => {
  assert.deepEqual(tokensOf('a*?'), ['a', MANY, ONE]);
  assert.deepEqual(tokensOf('\\a\\*\\?\\\\'), ['a', '*', '?', '\\']);
  assert.deepEqual(tokensOf('a\\'), ['a', '\\']);
  assert.deepEqual(tokensOf('😀**'), ['😀', MANY]);
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

test('patterns of any length match, also where they fill words of bits', () => {
  for (let size = 3; size < 140; size++) {
    const text = 'abc'.repeat(size).slice(0, size);

    for (const pattern of [text, `*${text}`, '?'.repeat(size), `?${text.slice(1)}`, `*${'?'.repeat(size)}`, `${text.slice(0, -1)}*`]) {
      assert.ok(matches(text, pattern), pattern);
      assert.ok(!matches(text.slice(0, -2), pattern), pattern);
    }
  }
});

test('a pattern that a text nearly matches again and again ends', () => {
  assert.ok(!matches('a'.repeat(300_000), `${'*a'.repeat(100)}*b`));
  assert.ok(!matches('a'.repeat(300_000), `*${'a'.repeat(250)}b`));
});
