import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamoDbGroups } from '../../../lib/consumers/group-store.ts';
import { MemoryTable } from '../../harness/limits/memory-table.ts';

const soon = () => Date.now() + 20_000;

test('of two who have read the same, one writes, and the other gets what stands there', async () => {
  const groups = new DynamoDbGroups(new MemoryTable());
  const before = await groups.read('key', soon());

  const first = await groups.write('key', before, { text: 'first', id: '1' }, soon());
  const second = await groups.write('key', before, { text: 'second', id: '2' }, soon());
  const third = await groups.write('key', second.now, { text: 'third', id: '3' }, soon());

  assert.deepEqual([first.isOurs, second.isOurs, second.now.text, third.isOurs], [true, false, 'first', true]);
  assert.deepEqual(await groups.read('key', soon()), { version: 2, text: 'third', writes: ['3', '1'] });
});

test('a write whose answer was lost is known again, also when others have written since', async () => {
  const groups = new DynamoDbGroups(new MemoryTable());
  const before = await groups.read('key', soon());
  const { now } = await groups.write('key', before, { text: 'ours', id: '1' }, soon());
  await groups.write('key', now, { text: 'theirs', id: '2' }, soon());

  const again = await groups.write('key', before, { text: 'ours', id: '1' }, soon());

  assert.deepEqual([again.isOurs, again.now.text], [true, 'theirs']);
});

test('what has expired counts as nothing, though it stands there', async () => {
  const table = new MemoryTable();
  const groups = new DynamoDbGroups(table);
  await groups.write('key', await groups.read('key', soon()), { text: 'old', id: '1' }, soon());
  table.items.set('key', { ...table.items.get('key'), expiresAt: { N: '1' } });

  const found = await groups.read('key', soon());
  const { isOurs } = await groups.write('key', found, { text: 'new', id: '2' }, soon());

  assert.deepEqual([found.version, found.text, isOurs], [1, null, true]);
});
