import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupItem, MOST_BYTES } from '../../../lib/consumers/group-item.ts';
import { DynamoDbGroups } from '../../../lib/consumers/group-store.ts';
import { emptyRow } from '../../../lib/kafka/groups/membership/row.ts';
import { FakeCluster } from '../../harness/fake-broker/fake-cluster.ts';
import { MemoryTable } from '../../harness/limits/memory-table.ts';
import { member, placesOfT } from './a-group.ts';

class NamedCluster extends FakeCluster {
  override get id(): string {
    return 'cluster';
  }
}

const itemIn = (table: MemoryTable) => new GroupItem(new DynamoDbGroups(table), new NamedCluster({}), 'g', Date.now() + 20_000);

test('ten who change one group at once all get through, each once', async () => {
  const table = new MemoryTable();
  const [place] = placesOfT(0);

  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const item = itemIn(table);
      for (let i = 0; i < 5; i++) {
        await item.change(await item.read(), (group) => {
          group.put({ ...emptyRow(place), committed: Math.max(0, group.of(place).committed) + 1 });
          return true;
        });
      }
    }),
  );

  assert.equal((await itemIn(table).read()).group.of(place).committed, 50);
});

test('a write whose answer was lost is known again, however many others have written since', async () => {
  const table = new MemoryTable();
  const item = itemIn(table);
  await item.change(await item.read(), (group) => group.members.set('a', member('a')) && true);
  const reading = await item.read();
  const others = async () => {
    for (let i = 0; i < 20; i++)
      await itemIn(table).change(await item.read(), (group) => group.members.set('b', member('b', { until: i })) && true);
  };
  const { putItem } = table;
  table.putItem = async (input) => {
    table.putItem = putItem;
    await table.putItem(input);
    await others();
    // The SDK sends it again.
    return table.putItem(input);
  };
  let changes = 0;

  const { result } = await item.change(
    reading,
    (group, write) => {
      group.members.set('a', member('a', { write }));
      return ++changes;
    },
    (group, write) => group.members.get('a')?.write === write,
  );

  assert.deepEqual([result, changes], [1, 1]);
});

test('what a change leaves alone is not written', async () => {
  const table = new MemoryTable();
  const item = itemIn(table);

  const { result } = await item.change(await item.read(), () => null);

  assert.deepEqual([result, table.items.size], [null, 0]);
});

test('a group that is too large is refused, unless those make room whose sessions have ended', async () => {
  const table = new MemoryTable();
  const item = itemIn(table);
  const large = (until: number) => member('a', { topics: ['x'.repeat(MOST_BYTES / 2)], until });

  await item.change(await item.read(), (group) => {
    for (const name of ['a', 'b', 'c']) group.members.set(name, large(0));
    return true;
  });
  const refused = item.change(await item.read(), (group) => {
    for (const name of ['a', 'b', 'c']) group.members.set(name, large(Date.now() + 60_000));
    return true;
  });

  await assert.rejects(refused, { name: 'InvalidRecord', message: /take more than 390000 bytes: use fewer of them/ });
  assert.ok((await item.read()).group.members.size < 3);
});

test('without the table, the client is told to try again', async () => {
  const table = new MemoryTable();
  table.failures.push(new Error('away'));

  await assert.rejects(itemIn(table).read(), { name: 'StorageUnavailable' });
});
