import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { patternOf } from '../../../../../lib/schemas/json-schema/pattern/pattern.ts';
import { WorkBudget } from '../../../../../lib/schemas/work-budget.ts';

const matches = (source: string, text: string, budget = new WorkBudget()): boolean => patternOf(source, { left: 200_000 })(text, budget);

for (const [source, yes, no] of [
  ['^a.c$', ['abc', 'a😀c'], ['ac', 'a\nc', 'xabc']],
  ['b|c+d', ['ab', 'xccdx'], ['cc', 'd']],
  ['^[^\\W_]{2,3}?$', ['ab', 'a1b'], ['a', 'a_', 'abcd']],
  ['^\\p{Lu}\\P{Lu}*$', ['Äpfel'], ['äpfel', 'ÄPFEL']],
  ['^\\p{Alpha}+\\p{IsLatin}$', ['abé'], ['éa', 'ab1']],
  ['^[\\w.-]+@[a-z]{2,}$', ['a-b.c@de'], ['a b@de', 'a@D']],
  ['^(?=.*\\d)(?!.*\\s).{4,}$', ['abc1'], ['abcd', 'ab 1', 'a1']],
  ['(?<=a)b(?<!ab)|(?<!x)y', ['y', 'zy'], ['ab', 'xy']],
  ['(?i)straße|(?i:X)', ['STRAßE', 'x'], ['y']],
  ['(?s)^.$', ['\n'], ['ab']],
  ['\\bfoo\\B', ['foox'], ['foo', 'xfoox']],
  ['^\\A(?>a++)\\z', ['aaa'], ['aab']],
  ['^\\u00e9\\x41\\cJ\\t\\-\\_\\/$', ['éA\n\t-_/'], ['x']],
  ['^\\uD83D\\uDE00$', ['😀'], ['x']],
  ['^[\\d-x][a-]{1}$', ['1-', '-a', 'xa'], ['ya']],
  ['^a{,2}\\{}]$', ['a{,2}{}]'], ['aa']],
  ['', ['', 'x'], []],
  ['^\\Qa.b|(\\E\\h[\\h]$', ['a.b|( \u00a0'], ['axb|(  ', 'a.b|(\n ']],
  ['^a\\R\\H$', ['a\r\nb', 'a\u0085b'], ['a\r\n ', 'ab']],
  ['^\\Qa+', ['a+'], ['aa']],
  ['^(a|b)\\1$', ['aa', 'bb'], ['ab']],
] as const) {
  test(`the pattern ${source}`, () => {
    assert.deepEqual(
      yes.filter((text) => !matches(source, text)),
      [],
    );
    assert.deepEqual(
      no.filter((text) => matches(source, text)),
      [],
    );
  });
}

for (const source of [
  '(',
  ')',
  '[a',
  '*',
  'a**',
  'a{2,1}',
  '[b-a]',
  '\\',
  '\\p{Nothing}',
  '(?<a',
  '\\u{110000}',
  '(a{1000}){1000}',
  '(){999999999}',
]) {
  test(`${source} is no pattern`, () => {
    assert.throws(() => patternOf(source, { left: 200_000 }), { message: /^the pattern .* is none: |^.*too large/ });
  });
}

const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '^', '$', '\\b', '(?=a)', '(?!b)', '(?<=a)', '(?<!b)');
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{0,2}', '{2}', '{1,}', '*?')).map(([a, q]) => `(?:${a})${q}`),
    fc.tuple(fc.constantFrom('=', '!', '<=', '<!'), tie('pattern')).map(([look, a]) => `(?${look}${a})`),
  ),
}));

test('patterns match what those of JavaScript do', () => {
  fc.assert(
    fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n'), maxLength: 8 }), (source, text) => {
      assert.equal(matches(source, text), new RegExp(source, 'u').test(text));
    }),
    { numRuns: 3000, seed: 7 },
  );
});

test('no pattern takes more steps than the text is long times the pattern', () => {
  for (const source of ['^(a+)+$', '(a|a)*b', '(a*)*b', '(?=(a+)+b)', '(.*a){20}b']) {
    for (const length of [30, 3000]) {
      assert.equal(matches(source, 'a'.repeat(length), new WorkBudget(200 + 200 * length)), source === '^(a+)+$');
    }
  }
});

test('back references that go back and forth for ever end all the same', () => {
  assert.throws(() => matches('^(a+)+\\1$', `${'a'.repeat(60)}!`), { message: /takes too long to be matched with a pattern/ });
});

test('a run that takes long because the machine stops the process is tried again', (t) => {
  const pattern = '^(a|b)\\1$';
  const real = RegExp.prototype.test;
  let runs = 0;
  t.mock.method(RegExp.prototype, 'test', function (this: RegExp, text: string) {
    if (this.source === pattern && ++runs === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    return real.call(this, text);
  });

  const fits = matches(pattern, 'aa');

  assert.deepEqual([fits, runs], [true, 2]);
});
