import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { resolved } from '../../../../infra/template/resolved.ts';

const template = {
  Parameters: {
    Set: { Type: 'String', Default: 'text' },
    Empty: { Type: 'String', Default: '' },
    Listed: { Type: 'CommaDelimitedList', Default: 'a,b' },
    NoneListed: { Type: 'CommaDelimitedList', Default: '' },
  },
  Conditions: {
    HasSet: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Set' }, ''] }] },
    HasEmpty: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Empty' }, ''] }] },
    HasList: { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Select': [0, { Ref: 'NoneListed' }] }, ''] }] },
    HasBoth: { 'Fn::And': [{ Condition: 'HasSet' }, { Condition: 'HasEmpty' }] },
    HasAny: { 'Fn::Or': [{ Condition: 'HasSet' }, { Condition: 'HasEmpty' }] },
    IsOdd: { 'Fn::Contains': [['a'], 'a'] },
  },
};
const when = (condition: string) => resolved({ 'Fn::If': [condition, 'yes', 'no'] }, template);

suite('a value of a template', () => {
  test('has parameters by their defaults, and leaves what only the account knows', () => {
    const value = { b: { Ref: 'Set' }, a: [{ Ref: 'Listed' }, { 'Fn::Select': [1, { Ref: 'Listed' }] }], c: { Ref: 'Table' } };

    assert.deepEqual(resolved(value, template), { a: [['a', 'b'], 'b'], b: 'text', c: { Ref: 'Table' } });
  });

  test('is the same in whichever order it is written', () => {
    const written = (value: object) => JSON.stringify(resolved(value, template));

    assert.equal(written({ a: { c: 1, d: 2 }, b: [] }), written({ b: [], a: { d: 2, c: 1 } }));
  });

  test('loses what a condition leaves out, and what is null', () => {
    const value = { kept: { 'Fn::If': ['HasSet', 1, 2] }, gone: { 'Fn::If': ['HasEmpty', 1, { Ref: 'AWS::NoValue' }] }, none: null };

    assert.deepEqual(resolved(value, template), { kept: 1 });
  });

  test('is decided by conditions as CloudFormation does', () => {
    const decided = ['HasSet', 'HasEmpty', 'HasList', 'HasBoth', 'HasAny'].map(when);

    assert.deepEqual(decided, ['yes', 'no', 'no', 'no', 'yes']);
  });

  test('keeps both sides of a condition in a template that has none', () => {
    const value = { 'Fn::If': ['HasSet', 1, { Ref: 'AWS::NoValue' }] };

    assert.deepEqual(resolved(value, {}), { 'Fn::If': ['HasSet', 1] });
  });

  test('is not guessed where a condition is not known', () => {
    assert.throws(() => when('IsOdd'), /Fn::Contains.* is not a condition that is known here: add it/);
  });
});
