import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { elementsOf, membersOf, pretty, textOf } from '../../../../lib/console/page/exact-json.ts';

test('a text is laid out as JSON.stringify does it, whatever it holds', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom('', ' ', '\n\t'), (json, space) => {
      assert.equal(pretty(`${space}${JSON.stringify(JSON.parse(json), null, 3)}${space}`), JSON.stringify(JSON.parse(json), null, 2));
    }),
  );
});

test('digits, the order of members and those that are there twice stay', () => {
  assert.equal(pretty('{"2":9007199254740993.10,"1":1e400,"2":[]}'), '{\n  "2": 9007199254740993.10,\n  "1": 1e400,\n  "2": []\n}');
});

test('elements and members are the parts of the text', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (values) => {
      const texts = values.map((value) => JSON.stringify(value));

      assert.deepEqual(elementsOf(`[ ${texts.join(' , ')} ]`), texts);
      const object = `{ ${texts.map((text, i) => `"n\\"${i}" : ${text}`).join(' , ')} }`;
      assert.deepEqual(
        [...membersOf(object)],
        texts.map((text, i) => [`n"${i}`, text]),
      );
    }),
  );
});

test('members named like those of every object are members', () => {
  assert.deepEqual(
    [...membersOf('{"__proto__":1,"constructor":2}')],
    [
      ['__proto__', '1'],
      ['constructor', '2'],
    ],
  );
});

test('a string means its text, anything else itself', () => {
  assert.deepEqual([textOf('"a\\u0000b"'), textOf('12.50'), textOf('null')], ['a\0b', '12.50', 'null']);
});

test('JSON that does not end is told so', () => {
  for (const json of ['["a', '[{"a":1']) assert.throws(() => elementsOf(json), SyntaxError);
});

test('JSON that is nested deeply is indented no further than a reader follows, and does not grow with the square of its depth', () => {
  const depth = 20_000;

  const shown = pretty(`${'['.repeat(depth)}1${']'.repeat(depth)}`);

  assert.ok(shown.length < 200 * depth, `${shown.length} characters`);
  assert.equal(shown.replaceAll(/\s/g, ''), `${'['.repeat(depth)}1${']'.repeat(depth)}`);
});
