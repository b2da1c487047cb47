import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Parked } from '../../../../lib/push/delivery/parked.ts';
import type { ParkedEntry } from '../../../../lib/push/delivery/parked-entry.ts';
import { MemoryLog } from '../../../harness/push/memory-log.ts';

test('a record that fails in a replay and beside it is parked once, and keeps no position back', async () => {
  const log = new MemoryLog();
  log.add('a', 'a1');
  const [record] = log.records;
  const parked = new Parked(log, () => true);
  const released: string[] = [];
  const entry = (): ParkedEntry => ({
    placed: { topic: 'orders', partition: 0, offset: record.offset, record },
    ...{ lane: null, attempts: 1, due: 0, status: 500, dead: null },
  });

  const add = (source: string) => parked.add(entry(), () => released.push(source));
  add('main');
  add('replay');
  assert.deepEqual(released, []);
  await parked.save(0);
  add('replay, again');

  assert.deepEqual([parked.size, log.retried.length, [...new Set(released)]], [1, 1, ['main', 'replay', 'replay, again']]);
});
