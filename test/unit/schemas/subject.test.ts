import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextIn, subjectOf } from '../../../lib/schemas/subject.ts';

test('a subject is named by its strategy', () => {
  assert.equal(subjectOf('TOPIC_NAME', 't', 'key', null), 't-key');
  assert.equal(subjectOf('RECORD_NAME', 't', 'value', 'a.R'), 'a.R');
  assert.equal(subjectOf('TOPIC_RECORD_NAME', 't', 'value', 'a.R'), 't-a.R');
});

test('a strategy that needs a name is refused without', () => {
  assert.throws(() => subjectOf('RECORD_NAME', 't', 'key', null), {
    name: 'InvalidRecord',
    message: /of the key needs a schema with a name: give the subject$/,
  });
});

test('a subject may be in a context', () => {
  assert.equal(contextIn(':.a:s'), ':.a:');
  assert.equal(contextIn(':.:s:t'), ':.:');
  for (const subject of ['s', 's:.a:t', ':a:s', ':.a']) assert.equal(contextIn(subject), '');
});
