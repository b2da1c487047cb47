import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { admitted, limiters, NOON, refused } from './limiters.ts';

suite('round trips', () => {
  test('a caller over the limit costs none until the limit lets go', async () => {
    const { table, clock, admit } = limiters([{ kind: 'fixed-window', key: 'principal', limit: 1, window: 60 }]);
    await admit();
    refused(await admit());
    table.calls = [];

    clock.now += 59_999;
    refused(await admit());
    assert.deepEqual(table.calls, []);

    clock.now += 1;
    admitted(await admit());
    assert.deepEqual(table.calls, ['updateItem']);
  });

  test('several keys take one transaction, and a look at what was not seen lately beside it', async () => {
    const { table, clock, admit } = limiters([
      { kind: 'fixed-window', key: 'principal', limit: 10, window: 60 },
      { kind: 'fixed-window', key: 'topic', limit: 9, window: 60 },
    ]);

    await admit();
    await admit();
    clock.now += 1001;
    await admit();

    assert.deepEqual(table.calls, ['batchGetItems', 'transactWriteItems', 'transactWriteItems', 'batchGetItems', 'transactWriteItems']);
  });

  test('a transaction that got in the way of another is tried again', async () => {
    const { table, admit } = limiters([
      { kind: 'fixed-window', key: 'principal', limit: 10, window: 60 },
      { kind: 'fixed-window', key: 'topic', limit: 9, window: 60 },
    ]);
    await admit();
    const CancellationReasons = [{ Code: 'TransactionConflict' }, { Code: 'None' }];
    table.failures = [Object.assign(new Error('conflict'), { name: 'TransactionCanceledException', CancellationReasons })];

    const { standing } = admitted(await admit());

    assert.equal(standing.remaining, 7);
  });

  test('requests at once that get in each other’s way are still counted exactly', async () => {
    const { table, admit } = limiters(
      [
        { kind: 'fixed-window', key: 'principal', limit: 5, window: 60 },
        { kind: 'leaky-bucket', key: 'topic', rate: 1, burst: 9 },
      ],
      20,
    );
    const conflict = { name: 'TransactionCanceledException', CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }] };
    const transact = table.transactWriteItems.bind(table);
    let calls = 0;
    table.transactWriteItems = (items) =>
      calls++ % 3 === 0 ? transact(items) : Promise.reject(Object.assign(new Error('conflict'), conflict));

    const verdicts = await Promise.all(Array.from({ length: 20 }, (_, instance) => admit({}, instance)));

    assert.equal(verdicts.filter((verdict) => verdict?.admitted).length, 5);
  });

  test('so is an update that a transaction got in the way of', async () => {
    const { table, admit } = limiters([{ kind: 'fixed-window', key: 'principal', limit: 10, window: 60 }]);
    table.failures = [Object.assign(new Error('conflict'), { name: 'TransactionConflictException' })];

    admitted(await admit());

    assert.deepEqual(table.calls, ['updateItem', 'updateItem']);
  });

  test('what DynamoDB fails with is thrown', async () => {
    const { table, admit } = limiters([{ kind: 'fixed-window', key: 'principal', limit: 10, window: 60 }]);
    table.failures = [new Error('throttled')];

    await assert.rejects(admit(), { message: 'throttled' });
  });

  test('a write whose answer got lost is recognised when it is asked for again', async () => {
    const { table, admit } = limiters([{ kind: 'fixed-window', key: 'principal', limit: 1, window: 60 }]);
    const updateItem = table.updateItem.bind(table);
    table.updateItem = async (input) => {
      await updateItem(input);
      return updateItem(input);
    };

    admitted(await admit());
  });
});

test('expired counts do not pile up in an item, whoever uses it', async () => {
  const { table, clock, admit } = limiters([{ kind: 'sliding-window', key: 'principal', limit: 10, window: 1 }], 300);

  for (let instance = 0; instance < 300; instance++) {
    clock.now += 120_000;
    await admitted(await admit({}, instance)).finish();
  }

  const [item] = table.items.values();
  assert.ok(Object.keys(item).length < 60, `${Object.keys(item).length} attributes`);
});

test('an item says when DynamoDB may delete it: when no count of any rule matters any more', async () => {
  const { table, admit } = limiters([
    { kind: 'fixed-window', key: 'principal', limit: 10, window: 86_400, operations: ['read'] },
    { kind: 'sliding-window', key: 'principal', limit: 10, window: 1 },
  ]);

  await admit();

  const [{ expiresAt }] = table.items.values();
  assert.ok(Number(expiresAt.N) >= NOON / 1000 + 86_400);
});
