import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonScanner } from '../../../../lib/json/json-scanner.ts';
import { whole } from '../../../../lib/kafka/record.ts';
import { findKey } from '../../../../lib/records/key-path/find.ts';
import { parseKeyPath } from '../../../../lib/records/key-path/parse.ts';
import { textOf } from '../bytes-of.ts';
import { jsonText } from '../json-text.ts';

/** The key that a path finds in a JSON text, as text. The JSON text stays as it is. */
function find(text: string, path: string): string | null {
  const bytes = Buffer.from(text);
  const key = findKey(whole(bytes), parseKeyPath(path));
  assert.equal(bytes.toString(), text);
  return textOf(key);
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
  ['{"a":1,"a":{"b":"the first that has it"}}', 'a.b', 'the first that has it'],
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

const order = JSON.stringify({
  id: 7,
  customer: { number: 'C-1', 'e.mail': 'a@b.test', '#': 'hash' },
  items: [
    { sku: 'A', price: 12.5, tags: ['new', 'red'], gift: true },
    { sku: 'B', price: 3, tags: ['red'], gift: false },
    { sku: 'C', price: 20, tags: [], note: null },
  ],
  codes: ['x1', 'y2', 'x3', 4],
  grid: [[1, 2], [3]],
});

// What gjson finds there, too.
for (const [path, key] of [
  ['cust*.number', 'C-1'],
  ['c?stomer.n*r', 'C-1'],
  ['*.number', 'C-1'],
  ['*.sku', null],
  ['*.2.sku', 'C'],
  ['customer.e\\.mail', 'a@b.test'],
  ['customer.#', 'hash'],
  ['items.#', '3'],
  ['items.#.sku', '["A","B","C"]'],
  ['items.#.gift', '[true,false]'],
  ['items.#.note', '[null]'],
  ['items.#.none', '[]'],
  ['items.#.tags.#', '[2,1,0]'],
  ['items.#.tags.0', '["new","red"]'],
  ['grid.#.#', '[2,1]'],
  ['id.#', null],
  ['#', null],
  ['items.#(sku=="B").price', '3'],
  ['items.#(sku=B).price', '3'],
  ['items.#(price>10).sku', 'A'],
  ['items.#(price>10)#.sku', '["A","C"]'],
  ['items.#(price<=3)#', '[{"sku":"B","price":3,"tags":["red"],"gift":false}]'],
  ['items.#(price>100).sku', null],
  ['items.#(price>100)#.sku', '[]'],
  ['items.#(gift==true).sku', 'A'],
  ['items.#(gift==~false)#.sku', '["B","C"]'],
  ['items.#(gift!=~*).sku', 'C'],
  ['items.#(note).sku', 'C'],
  ['items.#(none).sku', null],
  ['items.#(tags.#(=="red"))#.sku', '["A","B"]'],
  ['items.#(tags.#>1).sku', 'A'],
  ['items.#(sku=="A").none', null],
  ['codes.#(%"x*")#', '["x1","x3"]'],
  ['codes.#(!%"x*")', 'y2'],
  ['codes.#(>3)', 'x1'],
  ['codes.#(==4)', '4'],
  ['codes.#(a=="x1")', null],
  ['items|0|sku', 'A'],
  ['items.#.sku|1', 'B'],
  ['items.#.sku.1', '[]'],
  ['items.#(price>10)#|#', '2'],
  ['items.#(price>10)#.#', '[]'],
  ['items.#(price>10)#|0.sku', 'A'],
  ['items.#(tags.#|0).sku', null],
  ['none|0', null],
] as const) {
  test(`${path} finds ${key} in an order`, () => {
    assert.equal(find(order, path), key);
  });
}

test('a key that UTF-8 cannot express is refused', () => {
  assert.throws(() => find('{"a":"\\ud800"}', 'a'), {
    name: 'InvalidRecord',
    message: 'The key found by the key path holds half of a surrogate pair, which UTF-8 cannot express: send another key',
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

test('any path finds JSON in any JSON', () => {
  const step = fc.constantFrom('a', '*', '?', '0', '1', '#', '#(a)', '#(a)#', '#(=="a")#', '#(*.#>0)', '#(#(a).a!=1)#');
  const path = fc.array(step, { minLength: 1, maxLength: 5 }).map((steps) => steps.join('.'));

  fc.assert(
    fc.property(jsonText, path, ({ compact }, text) => {
      // In an array, as a string by itself would lose its quotes.
      const found = find(`[${compact}]`, `#.${text}`);

      assert.ok(Array.isArray(JSON.parse(found ?? '')));
    }),
    { numRuns: 500 },
  );
});

for (const [path, reads] of [
  ['a.b', 1],
  ['*.*.*.*', 1],
  ['#.#.#.#.#.#', 1],
  ['#(==1)#.#(==1)#.#(==1)#', 4],
  ['#(#(#(#(==1))))', 5],
  ['#(#(#==9)#.#==9)#.#(#.#==9)#', 6],
] as const) {
  test(`${path} reads each value at most ${reads} times, however deep the body`, (t) => {
    const { mock } = t.mock.method(JsonScanner.prototype, 'value');
    const values = [...nested(9).matchAll(/[[\d{]/g)].length;

    find(nested(9), path);

    assert.ok(mock.callCount() <= reads * values, `${mock.callCount()} of ${values}`);
  });
}

/** Arrays in arrays, three in each. */
const nested = (depth: number): string =>
  depth === 0
    ? '1'
    : `[${Array(3)
        .fill(nested(depth - 1))
        .join(',')}]`;
