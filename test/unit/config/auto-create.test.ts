import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAutoCreate } from '../../../lib/config/auto-create.ts';
import { problemsOf } from './problems.ts';

test('brokers may make topics unless GATEWAY_AUTO_CREATE_TOPICS says otherwise', () => {
  const said = [{}, { GATEWAY_AUTO_CREATE_TOPICS: ' ' }, { GATEWAY_AUTO_CREATE_TOPICS: 'true' }, { GATEWAY_AUTO_CREATE_TOPICS: 'false' }];

  assert.deepEqual(said.map(readAutoCreate), [true, true, true, false]);
});

test('GATEWAY_AUTO_CREATE_TOPICS is true or false', () => {
  assert.match(problemsOf(readAutoCreate, { GATEWAY_AUTO_CREATE_TOPICS: 'yes' }), /GATEWAY_AUTO_CREATE_TOPICS .*true.*false/);
});
