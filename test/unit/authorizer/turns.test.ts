import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Turns } from '../../../lib/authorizer/turns.ts';

suite('work of one kind', () => {
  test('is done one piece after the other, though one fails', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const held = Promise.withResolvers<void>();
    const first = turns.take('a', async () => {
      await held.promise;
      done.push('first');
      throw new Error('no');
    });
    const second = turns.take('a', async () => void done.push('second'));
    const other = turns.take('b', async () => void done.push('other'));

    await other;
    held.resolve();

    await assert.rejects(first, /no/);
    await second;
    assert.deepEqual(done, ['other', 'first', 'second']);
  });
});
