import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ofProcess, section } from '../../../lib/config/section.ts';
import { problemsOf } from './problems.ts';

const readBoth = section((reader) => ({ one: reader.integer('GATEWAY_ONE', 1), two: reader.integer('GATEWAY_TWO', 2) }));

test('a section names all that is wrong at once', () => {
  assert.deepEqual(readBoth({ GATEWAY_ONE: '3' }), { one: 3, two: 2 });
  assert.equal(
    problemsOf(readBoth, { GATEWAY_ONE: '@', GATEWAY_TWO: '@' }),
    'Configuration: GATEWAY_ONE must be a whole number above 0; GATEWAY_TWO must be a whole number above 0',
  );
});

test('the section of a process is read when it is asked for first, and kept', () => {
  let reads = 0;
  const configured = ofProcess(() => {
    reads++;
    return null;
  });
  assert.equal(reads, 0);

  const read = [configured(), configured()];

  assert.deepEqual([read, reads], [[null, null], 1]);
});

test('a section with something wrong is read again', (t) => {
  const configured = ofProcess(readBoth);
  t.after(() => delete process.env.GATEWAY_ONE);
  process.env.GATEWAY_ONE = '@';
  assert.throws(configured, { name: 'InternalError' });
  process.env.GATEWAY_ONE = '5';

  assert.deepEqual(configured(), { one: 5, two: 2 });
});
