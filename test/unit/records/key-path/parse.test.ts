import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseGlob } from '../../../../lib/records/key-path/glob.ts';
import { parseKeyPath } from '../../../../lib/records/key-path/parse.ts';
import { anyText } from '../text-arbitrary.ts';

const name = (text: string) => ({ kind: 'name', name: Buffer.from(text), index: /^\d+$/.test(text) ? Number(text) : -1 });
const each = { kind: 'each', name: Buffer.from('#') };

test('names are separated by dots, and a backslash takes a meaning away', () => {
  assert.deepEqual(parseKeyPath('a.b.0.c'), [['a', 'b', '0', 'c'].map(name)]);
  assert.deepEqual(parseKeyPath('a\\.b.c\\\\d'), [['a.b', 'c\\d'].map(name)]);
  assert.deepEqual(parseKeyPath('\\*.\\#.a#.\\|'), [['*', '#', 'a#', '|'].map(name)]);
  assert.deepEqual(parseKeyPath('a..b.'), [['a', '', 'b', ''].map(name)]);
});

test('any names come back from their escaped path', () => {
  fc.assert(
    fc.property(fc.array(anyText(8), { minLength: 1, maxLength: 5 }), (path) => {
      fc.pre(path.join('.') !== '');

      assert.deepEqual(parseKeyPath(path.map((text) => text.replace(/[^a-z0-9]/g, '\\$&')).join('.')), [path.map(name)]);
    }),
  );
});

test('an escaped number is a name and no index', () => {
  assert.deepEqual(parseKeyPath('\\0'), [[{ kind: 'name', name: Buffer.from('0'), index: -1 }]]);
});

test('names may be patterns', () => {
  assert.deepEqual(parseKeyPath('id*.?\\*'), [
    [
      { kind: 'name', name: parseGlob('id*'), index: -1 },
      { kind: 'name', name: parseGlob('?\\*'), index: -1 },
    ],
  ]);
});

test('a pipe begins what is taken in the result so far', () => {
  assert.deepEqual(parseKeyPath('a.#|b|#'), [[name('a'), each], [name('b')], [each]]);
});

test('queries find the first element, or all of them', () => {
  const condition = { kind: 'compare', comparison: '==', text: 'x', number: Number.NaN };

  assert.deepEqual(parseKeyPath('#(a.b=="x").c'), [[{ kind: 'query', all: false, path: [[name('a'), name('b')]], condition }, name('c')]]);
  assert.deepEqual(parseKeyPath('#(=="x")#'), [[{ kind: 'query', all: true, path: null, condition }]]);
  assert.deepEqual(parseKeyPath('#(a.#(=="x"))'), [
    [
      {
        kind: 'query',
        all: false,
        path: [[name('a'), { kind: 'query', all: false, path: null, condition }]],
        condition: { kind: 'exists' },
      },
    ],
  ]);
});

test('a path of 256 characters is the longest', () => {
  assert.ok(parseKeyPath('a'.repeat(256)));
  assert.throws(() => parseKeyPath('a'.repeat(257)), {
    name: 'BadRequest',
    message: 'The key path is longer than 256 characters: use a shorter one',
  });
});

for (const [path, message] of [
  ['', 'The key path is empty: name a field of the JSON body, such as order.id'],
  ['a\\', 'The key path ends with a backslash: write \\\\ for a real one'],
  ['#(a)b', 'The key path has a query that something follows: use only #, a dot or a pipe after it'],
  ['#(a)#b', 'The key path has a query that something follows: use only #, a dot or a pipe after it'],
  ...['#a', 'a.##', '@this', 'a.@this', '{a}', '[a]', '!"a"', '(a', 'a|[b]'].map((text) => {
    const [character] = /[#@!{[(]/.exec(text) ?? [''];
    return [text, `The key path has a ${character}, which has no meaning here: write \\${character} for a real one`];
  }),
]) {
  test(`the path ${JSON.stringify(path)} is refused`, () => {
    assert.throws(() => parseKeyPath(path), { name: 'BadRequest', message });
  });
}

test('any text is a path or a bad request', () => {
  const text = fc.string({ unit: fc.constantFrom(...'a0.#()*?|\\"=!<>%~ @'), maxLength: 20 });

  fc.assert(
    fc.property(text, (path) => {
      try {
        assert.ok(parseKeyPath(path).every((stage) => stage.length > 0));
      } catch (error) {
        assert.ok(error instanceof Error && error.name === 'BadRequest', String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
