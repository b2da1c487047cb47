import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGlob } from '../../../../lib/records/key-path/glob.ts';
import { parseQuery } from '../../../../lib/records/key-path/query.ts';

/** A query between its brackets. */
const parse = (text: string) => parseQuery(`${text})`, 0);

for (const [operator, comparison] of [
  ['==', '=='],
  ['=', '=='],
  ['!=', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]) {
  test(`${operator} compares with a number, a word or a string`, () => {
    const condition = (text: string, number: number) => ({ kind: 'compare', comparison, text, number });

    assert.deepEqual(parse(`age${operator}45`).condition, condition('45', 45));
    assert.deepEqual(parse(`age ${operator} -1.5e3 `).condition, condition('-1.5e3', -1500));
    const long = `${'1'.repeat(1_000_000)}x`;
    assert.deepEqual(parse(`long${operator}${long}`).condition, condition(long, Number.NaN));
    assert.deepEqual(parse(`done${operator}true`).condition, condition('true', Number.NaN));
    assert.deepEqual(parse(`name${operator}"a \\"b\\""`).condition, condition('a "b"', Number.NaN));
    assert.deepEqual(parse(`name${operator}"~true"`).condition, condition('~true', Number.NaN), 'a tilde in quotes is text');
  });
}

test('% compares with a pattern', () => {
  assert.deepEqual(parse('name%"D*"').condition, { kind: 'like', glob: parseGlob('D*'), negated: false });
  assert.deepEqual(parse('name!%D*').condition, { kind: 'like', glob: parseGlob('D*'), negated: true });
  assert.deepEqual(parse('name%"\\\\*"').condition, { kind: 'like', glob: parseGlob('\\*'), negated: false });
});

test('~ asks what a value is taken for', () => {
  for (const what of ['true', 'false', 'null', '*']) {
    assert.deepEqual(parse(`a==~${what}`).condition, { kind: 'is', what, negated: false });
    assert.deepEqual(parse(`a!=~${what}`).condition, { kind: 'is', what, negated: true });
  }
});

test('what it applies to is trimmed, and may hold queries and operators that are escaped', () => {
  assert.equal(parse(' a.b  == 1').operand, 'a.b');
  assert.equal(parse('=="x"').operand, '');
  assert.equal(parse('a.#(b=="x)").c<1').operand, 'a.#(b=="x)").c');
  assert.equal(parse('a\\=b==1').operand, 'a\\=b');
});

test('without an operator the value must be there', () => {
  assert.deepEqual(parse('a.#(b==1)'), { operand: 'a.#(b==1)', condition: { kind: 'exists' }, end: 10 });
});

test('the query ends at its bracket', () => {
  assert.equal(parseQuery('xx#(a==")")#.b', 4).end, 11);
});

for (const [text, message] of [
  ['', 'A query of the key path is empty: name what an element must have, such as #(id) or #(type=="order")'],
  ['  ', 'A query of the key path is empty: name what an element must have, such as #(id) or #(type=="order")'],
  ['a!1', 'A query of the key path has an unknown operator: use one of == != < <= > >= % !%'],
  ['a=="x', 'A query of the key path has a string without its closing quote'],
  ['a=="x\\', 'A query of the key path has a string without its closing quote'],
  ['a=="x"y', 'A query of the key path has a value in quotes that is not a JSON string'],
  ['a=="\\x"', 'A query of the key path has a value in quotes that is not a JSON string'],
  ['a==~x', 'A query of the key path has an unknown ~: use ==~true, ==~false, ==~null, ==~*, or the same with !='],
  ['a>~true', 'A query of the key path has an unknown ~: use ==~true, ==~false, ==~null, ==~*, or the same with !='],
  ['a.#(b', 'A query of the key path is not closed: add a )'],
] as const) {
  test(`#(${text}) is refused`, () => {
    assert.throws(() => parse(text), { name: 'BadRequest', message });
  });
}
