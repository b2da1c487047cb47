import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { topicPattern } from '../../../lib/topic-pattern/topic-pattern.ts';

const atom = fc.oneof(
  fc.constantFrom('a', 'b', 'c', '.', '\\.', '-', '_', '[ab]', '[^a]', '[a-c.]', '\\d', '\\w', '[\\w-]', '[^\\d.]'),
  fc.constantFrom('(a|b)', '(?:ab|)', '(a|ab)', '(?:b*c|)'),
);
const repeated = fc
  .tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '+?'))
  .map(([part, count]) => part + count);
const pattern = fc
  .array(fc.array(repeated, { maxLength: 5 }), { minLength: 1, maxLength: 3 })
  .map((choices) => choices.map((parts) => parts.join('')).join('|'));
const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.', '-', '_', '1'), maxLength: 12 });

test('a name matches as it does by JavaScript’s regular expressions, from its first character to its last', () => {
  fc.assert(
    fc.property(pattern, fc.array(name), (text, names) => {
      const matches = topicPattern(text);
      const reference = new RegExp(`^(?:${text})$`);

      for (const one of names) assert.equal(matches(one), reference.test(one), `${text} and ${one}`);
    }),
    { numRuns: 2000 },
  );
});

for (const [text, yes, no] of [
  ['orders', ['orders'], ['orders-2', 'my-orders', '']],
  ['orders.*', ['orders', 'orders-2'], ['my-orders']],
  ['^orders\\..+$', ['orders.eu'], ['orders.', 'orders-eu']],
  ['^a|b$', ['a', 'b'], ['ab', 'c']],
  ['(eu|us)-[0-9]{2,3}', ['eu-01', 'us-123'], ['eu-1', 'us-1234', 'as-01']],
  ['[a-]+', ['a-a'], ['b']],
  ['x{0}', [''], ['x']],
  ['', [''], ['a']],
] as const) {
  test(`${text} is for ${yes.join(' and ')}, not for ${no.join(' or ')}`, () => {
    const matches = topicPattern(text);

    assert.deepEqual([yes.map(matches), no.map(matches)], [yes.map(() => true), no.map(() => false)]);
  });
}

for (const text of [
  '(a+)+',
  '(a*)*',
  '(a|a)*',
  '(a|aa)+b',
  '(\\w+\\w+)+x',
  '.*.*.*.*.*.*.*.*.*.*x',
  '(a?){200}a{200}',
  '((((((){250}){250}){250}){250}){250}){250}',
]) {
  test(`${text}, on which others may hang, looks at each step once for each character`, () => {
    const matches = topicPattern(text);

    assert.equal(matches(`${'a'.repeat(248)}!`), false);
  });
}

for (const text of [
  '(',
  ')',
  'a)',
  '[',
  '[]',
  '[a',
  '*',
  'a**',
  'a{',
  'a{1',
  'a{2,1}',
  'a{999}',
  '\\',
  '\\1',
  '\\p',
  '(?=a)',
  '(?!a)',
  '(?<n>a)',
  '(?i)a',
  '[b-a]',
  '[\\d-z]',
  '[a&&b]',
  'a++',
  '+',
  '?',
  '((a{100}){100}){100}',
  'x'.repeat(251),
]) {
  test(`${text.slice(0, 30)} is refused`, () => {
    assert.throws(() => topicPattern(text), { name: 'BadRequest', message: /^The topic pattern/ });
  });
}

/** Names as long as can be, of which no two begin alike for long. */
const longNames = Array.from({ length: 10_000 }, (_, i) =>
  `${(i * 2_654_435_761).toString(2).padStart(44, '0').replaceAll('0', 'a').replaceAll('1', 'b')}`.repeat(6).slice(0, 249),
);

for (const text of [
  'orders-.*',
  '(a|b)*',
  '.*.*.*.*.*.*.*.*.*.*x',
  '(a|ab)*b?',
  '(a?){200}b{200}',
  '[ab]{249}',
  '(\\w+\\w+)+x',
  'ab.*|ba.*',
]) {
  test(`${text} looks at few steps for ten thousand names of 249 characters`, () => {
    const matches = topicPattern(text, 3_000_000);

    for (const name of longNames) matches(name);
  });
}

test('a pattern of which names lead to ever new steps is refused before they take long', () => {
  const matches = topicPattern('(a|b)*a(a|b){120}x');

  assert.throws(
    () => {
      for (const name of longNames) matches(name);
    },
    { name: 'BadRequest', message: /^The topic pattern/ },
  );
});
