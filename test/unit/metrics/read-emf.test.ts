import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emfMembers } from '../../../lib/metrics/emf.ts';
import { readEmf } from '../../../lib/metrics/read-emf.ts';
import { request } from './request.ts';

const settings = { emf: true, topics: new Set<string>(), function: 'produce', stack: 'local' };

test('a line tells what its request came to', () => {
  const measured = request({
    status: 404,
    errorCode: 40401,
    kafkaMs: 1.5,
    recordsIn: 1,
    connections: 1,
    isFirst: true,
    byTopic: new Map([['in_a', 1]]),
  });
  const line = `{"route":"${measured.route}","status":404${emfMembers(measured, settings, 0)}}`;

  assert.deepEqual(readEmf(line), { functionName: 'produce', request: measured });
});

test('other lines tell nothing', () => {
  for (const line of ['', 'text', '{"event":"connect"}', '{"_aws":', '{"_aws":{}}', '[1]']) assert.equal(readEmf(line), null);
});
