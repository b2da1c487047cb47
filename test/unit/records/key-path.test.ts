import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { whole } from '../../../lib/kafka/record.ts';
import { findKey, parseKeyPath } from '../../../lib/records/key-path.ts';
import { textOf } from './bytes-of.ts';
import { anyText } from './text-arbitrary.ts';

/** The key that a path finds in a JSON text, as text. */
function find(text: string, path: string): string | null {
  const bytes = Buffer.from(text);
  const key = findKey(whole(bytes), parseKeyPath(path));
  assert.equal(bytes.toString(), text);
  return textOf(key);
}

test('names are separated by dots, and a backslash takes a meaning away', () => {
  assert.deepEqual(parseKeyPath('a.b.0.c'), ['a', 'b', '0', 'c']);
  assert.deepEqual(parseKeyPath('a\\.b.c\\\\d'), ['a.b', 'c\\d']);
  assert.deepEqual(parseKeyPath('\\*.\\#.a#'), ['*', '#', 'a#']);
  assert.deepEqual(parseKeyPath('a..b.'), ['a', '', 'b', '']);
});

test('any names come back from their escaped path', () => {
  const names = fc.array(anyText(), { minLength: 1, maxLength: 5 });

  fc.assert(
    fc.property(names, (path) => {
      fc.pre(path.join('.') !== '');

      assert.deepEqual(parseKeyPath(path.map((name) => name.replace(/[^a-z0-9]/g, '\\$&')).join('.')), path);
    }),
  );
});

for (const [path, message] of [
  ['', 'The key path is empty: name a field of the JSON body, such as order.id'],
  ['a\\', 'The key path ends with a backslash: write \\\\ for a real one'],
  ...['a.*', 'a?', 'a|b', '#', 'a.#', 'a.#(b=1)', '@this', '{a}', '[a]', '!"a"', '(a'].map((path) => {
    const [character] = /[*?|#@!{[(]/.exec(path) ?? [''];
    return [path, `The key path has a ${character}, which has no meaning here: write \\${character} for a real one`];
  }),
]) {
  test(`the path ${JSON.stringify(path)} is refused`, () => {
    assert.throws(() => parseKeyPath(path), { name: 'BadRequest', message });
  });
}

for (const [text, path, key] of [
  ['{"a":{"b":["x",{"c":"found"}]}}', 'a.b.1.c', 'found'],
  ['["x","y"]', '1', 'y'],
  ['["x","y"]', '01', 'y'],
  ['{"0":"named"}', '0', 'named'],
  ['{"a.b":"dotted"}', 'a\\.b', 'dotted'],
  ['{"":{"":"empty names"}}', '.', 'empty names'],
  ['{"a":"h\\u0069 \\"you\\""}', 'a', 'hi "you"'],
  ['{"\\u0061":"escaped name"}', 'a', 'escaped name'],
  ['{"key":"usual","é":"name"}', 'é', 'name'],
  ['{"a":""}', 'a', ''],
  ['{"a":1.50}', 'a', '1.50'],
  ['{"a":123456789012345678901234567890}', 'a', '123456789012345678901234567890'],
  ['{"a":true}', 'a', 'true'],
  ['{"a":{"b":[1,2]}}', 'a', '{"b":[1,2]}'],
  ['{"a":"first","a":"second"}', 'a', 'first'],
  ['{"a":null}', 'a', null],
  ['{"a":1}', 'b', null],
  ['{"a":1}', 'a.b', null],
  ['{}', 'a', null],
  ['[]', '0', null],
  ['["x"]', '1', null],
  ['["x"]', 'a', null],
  ['["x"]', '-1', null],
  ['["x"]', '99999999999999999999', null],
  ['5', 'a', null],
  ['"a"', 'a', null],
]) {
  test(`${path} in ${text} finds ${key}`, () => {
    assert.equal(find(text ?? '', path ?? ''), key);
  });
}

test('a key that UTF-8 cannot express is refused', () => {
  assert.throws(() => find('{"a":"\\ud800"}', 'a'), {
    name: 'InvalidRecord',
    message: 'The key found by the key path holds half of a surrogate pair, which UTF-8 cannot express',
  });
});

test('what JSON.parse finds is found', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.nat({ max: 3 })), { minLength: 1, maxLength: 4 }),
      fc.string(),
      (steps, key) => {
        let value: unknown = key;
        for (const step of steps.toReversed()) {
          value = typeof step === 'number' ? [...Array(step).fill({ [key]: 1 }), value, 0] : { [`${step}${step}`]: 0, [step]: value };
        }
        const path = steps.map((step) => String(step).replace(/[^a-z0-9]/gi, '\\$&')).join('.');

        assert.equal(find(JSON.stringify(value), path), key);
      },
    ),
  );
});
