import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonScanner } from '../../../../lib/json/json-scanner.ts';
import { parseGlob } from '../../../../lib/records/key-path/glob.ts';
import { passName } from '../../../../lib/records/key-path/name.ts';

for (const [text, name, same] of [
  ['"id":', 'id', true],
  [' "id" : ', 'id', true],
  ['"id2":', 'id', false],
  ['"i":', 'id', false],
  ['"xx":', 'id', false],
  ['"":', '', true],
  ['"é":', 'é', true],
  ['"\\u0069d":', 'id', true],
  ['"\\u0069d":', '\\u0069d', false],
  ['"a\\"b":', 'a"b', true],
] as const) {
  test(`${text} is ${same ? '' : 'not '}the name ${JSON.stringify(name)}, and is passed`, () => {
    const json = new JsonScanner(Buffer.from(`${text}1`));

    assert.equal(passName(json, Buffer.from(name)), same);
    json.value();
    json.finish();
  });
}

test('a name fits a pattern by its characters', () => {
  const fits = (text: string, pattern: string) => passName(new JsonScanner(Buffer.from(text)), parseGlob(pattern));

  assert.ok(fits('"order_\\u0069d":1', '*_id'));
  assert.ok(fits('"é":1', '?'));
  assert.ok(!fits('"order":1', '*_id'));
});

test('what is no name is refused', () => {
  assert.throws(() => passName(new JsonScanner(Buffer.from('1:1')), Buffer.from('1')), { name: 'BadRequest' });
});
