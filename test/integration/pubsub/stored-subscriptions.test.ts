import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { Table } from '../../../lib/aws/dynamodb.ts';
import { DynamoDbSockets, openSocketTable } from '../../../lib/sockets/dynamodb-sockets.ts';
import type { SocketSubscription } from '../../../lib/sockets/socket-subscription.ts';
import { connectionOf } from '../../../lib/sockets/store.ts';
import { StoredSubscriptions } from '../../../lib/sockets/stored-subscriptions.optional.ts';
import { startTable } from '../../harness/aws/table.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { subscriptionOf } from '../../harness/pubsub/memory-sockets.ts';

const table = await startTable();
after(() => table.stop());
configure(sharedKafka(), table.environment);

const deadline = (): number => Date.now() + 10_000;
const store: DynamoDbSockets = openSocketTable(table.name);
const lease = (holder: string, now: number) => ({ holder, now, until: now + 10_000 });
const add = (shard: number, connection: string, sequence: string) =>
  store.add(connection, shard, subscriptionOf(sequence), { cursor: 'begin', credit: 5, deadline: deadline() });

test('a shard has one reader, which another one follows when its lease is over; the dead one changes nothing then', async () => {
  await add(1, 'c1', '1');
  await store.mark(1, 'c1', 0, deadline());
  const dead = await store.take(1, lease('dead', 1000), deadline());
  const kept = (await store.takeUp('c1', dead?.number ?? 0, deadline()))?.[0];
  assert.ok(dead && kept);

  const early = await store.take(1, lease('next', 10_999), deadline());
  const next = await store.take(1, lease('next', 11_000), deadline());
  const [taken] = (await store.takeUp('c1', next?.number ?? 0, deadline())) ?? [];
  await store.save('c1', next?.number ?? 0, { ...taken, cursor: 'of-next', sent: 3 }, deadline());
  await store.save('c1', dead.number, { ...kept, cursor: 'of-dead', sent: 1 }, deadline());
  const renewed = await store.renew(1, lease('dead', 12_000), [], deadline());
  const takenBack = await store.takeUp('c1', dead.number, deadline());
  const [now] = (await store.takeUp('c1', next?.number ?? 0, deadline())) ?? [];

  assert.deepEqual([early, renewed, takenBack], [null, null, null]);
  assert.deepEqual([now.cursor, now.sent, now.given], ['of-next', 3, 5]);
});

test('a connection has ten subscriptions, each with a sequence of its own, and none when it is forgotten', async () => {
  for (let i = 1; i <= 10; i++) await add(2, 'c2', String(i));
  await store.mark(2, 'c2', 0, deadline());

  await assert.rejects(add(2, 'c2', '3'), { name: 'Conflict' });
  await assert.rejects(add(2, 'c2', '11'), { name: 'BadRequest' });
  await store.forget('c2', null, deadline());

  assert.deepEqual(await store.takeUp('c2', 1, deadline()), []);
  assert.deepEqual(await store.give('c2', '1', 1, deadline()), { isThere: false, shard: null });
  assert.equal(await store.take(2, lease('late', 1000), deadline()), null);
});

test('a connection has room for ten of the largest subscriptions, and a larger one is refused', async () => {
  const sized = (sequence: string, filter: string) => ({ ...subscriptionOf(sequence), filters: Array<string>(10).fill(filter) });
  const tooLarge = sized('0', '\u0001'.repeat(1000));
  const add = (subscription: SocketSubscription) =>
    store.add('c8', 8, subscription, { cursor: 'x'.repeat(17_000), credit: 5, deadline: deadline() });

  await assert.rejects(add(tooLarge), { name: 'TooLarge', message: /larger than the gateway keeps: name fewer topics/ });
  for (let i = 1; i <= 10; i++) await add(sized(String(i), 'ü'.repeat(1000)));

  assert.equal((await store.takeUp('c8', 1, deadline()))?.length, 10);
});

test('a mark that comes while its reader works is seen by the next look', async () => {
  await add(3, 'c3', '1');
  await store.mark(3, 'c3', 0, deadline());
  const first = await store.take(3, lease('reader', 1000), deadline());
  await store.mark(3, 'c3', 1000, deadline());

  const second = await store.renew(3, lease('reader', 2000), first?.changes ?? [], deadline());
  const third = await store.renew(3, lease('reader', 3000), second?.changes ?? [], deadline());

  assert.deepEqual([first?.changes.length, second?.changes.length, third?.changes.length], [1, 1, 0]);
  assert.equal(await store.release(3, 'reader', true, deadline()), false);
  await store.forget('c3', 3, deadline());
  assert.equal(await store.release(3, 'reader', true, deadline()), true);
});

test('a connection leaves its shard when it has no subscriptions, and stays when it has subscribed since its reader looked', async () => {
  for (const connection of ['c6', 'c7']) {
    await add(6, connection, '1');
    await store.mark(6, connection, 0, deadline());
  }
  const first = await store.take(6, lease('reader', 1000), deadline());
  for (const connection of ['c6', 'c7']) await store.remove(connection, '1', deadline());
  const seen = await store.takeUp('c6', first?.number ?? 0, deadline());
  await add(6, 'c6', '2');
  await store.mark(6, 'c6', 1000, deadline());

  for (const connection of ['c6', 'c7']) await store.leave(connection, 6, deadline());

  const second = await store.renew(6, lease('reader', 2000), first?.changes ?? [], deadline());
  const kept = await store.takeUp('c6', first?.number ?? 0, deadline());
  assert.deepEqual([seen, second?.connections, second?.changes.map(connectionOf)], [[], ['c6'], ['c6']]);
  assert.deepEqual(
    kept?.map(({ subscription: { sequence } }) => sequence),
    ['2'],
  );
});

test('a connection that has subscribed since its reader looked stays, though the table fails meanwhile', async (t) => {
  await add(20, 'c20', '1');
  await store.mark(20, 'c20', 0, deadline());
  const shard = await store.take(20, lease('reader', 1000), deadline());
  const failing = new Table(table.name);
  t.mock.method(failing, 'deleteItem', () => Promise.reject(new Error('throttled')));

  await new DynamoDbSockets(failing).leave('c20', 20, deadline()).catch(() => undefined);

  const renewed = await store.renew(20, lease('reader', 2000), shard?.changes ?? [], deadline());
  assert.deepEqual(renewed?.connections, ['c20']);
});

test('a connection that must be closed by now has no subscriptions, though DynamoDB still has its item', async (t) => {
  await add(10, 'c10', '1');
  await store.mark(10, 'c10', 0, deadline());
  const first = await store.take(10, lease('reader', 1000), deadline());
  t.mock.method(
    Date,
    'now',
    (
      (now) => () =>
        now + 3 * 3_600_000
    )(Date.now()),
  );

  const kept = await store.takeUp('c10', first?.number ?? 0, deadline());
  await store.leave('c10', 10, deadline());

  assert.deepEqual(kept, []);
  assert.equal(await store.release(10, 'reader', true, deadline()), true);
});

test('a reader is woken for a shard that has none, and a subscription that nobody can be woken for is not kept', async () => {
  const woken: number[] = [];
  const subscriptions = new StoredSubscriptions(store, 1, async (shard) => void woken.push(shard));
  const failing = new StoredSubscriptions(store, 1, () => Promise.reject(new Error('throttled')));

  await subscriptions.add('c4', subscriptionOf('1'), 'begin', 5, deadline());
  await store.take(0, lease('reader', Date.now()), deadline());
  const given = await subscriptions.give('c4', '1', 5, deadline());
  await store.release(0, 'reader', false, deadline());

  assert.deepEqual([woken, given], [[0], true]);
  await assert.rejects(failing.add('c5', subscriptionOf('1'), 'begin', 5, deadline()), { name: 'StorageUnavailable' });
  assert.equal((await store.give('c5', '1', 1, deadline())).isThere, false);
});

test('a connection stays with its reader when there are more readers than before', async () => {
  const woken: number[] = [];
  const readers = (count: number) => new StoredSubscriptions(store, count, async (shard) => void woken.push(shard));
  await readers(1).add('c11', subscriptionOf('1'), 'begin', 5, deadline());
  await store.release(0, 'reader', false, deadline());
  woken.length = 0;

  await readers(64).add('c11', subscriptionOf('2'), 'begin', 5, deadline());
  await readers(64).add('c12', subscriptionOf('1'), 'begin', 5, deadline());

  assert.equal(woken[0], 0);
  assert.notEqual(woken[1], 0);
});

suite('when an answer of the table is lost, and the SDK sends the update again,', () => {
  class LosingTable extends Table {
    override async updateItem(...parameters: Parameters<Table['updateItem']>): ReturnType<Table['updateItem']> {
      await super.updateItem(...parameters);
      return super.updateItem(...parameters);
    }
  }

  const woken: number[] = [];
  const losing = new DynamoDbSockets(new LosingTable(table.name));
  const subscriptions = new StoredSubscriptions(losing, 1, async (shard) => void woken.push(shard));
  const kept = async (connection: string) => (await store.takeUp(connection, 1, deadline())) ?? [];

  test('a subscription is made', async () => {
    await subscriptions.add('l1', subscriptionOf('1'), 'begin', 5, deadline());

    assert.deepEqual(
      (await kept('l1')).map(({ given }) => given),
      [5],
    );
  });

  test('credit is given once', async () => {
    await add(0, 'l2', '1');

    const given = [await subscriptions.give('l2', '1', 3, deadline()), await subscriptions.give('l2', '1', 3, deadline())];

    assert.deepEqual([given, (await kept('l2'))[0].given], [[true, true], 11]);
  });

  test('the reader hears of a subscription that ends', async () => {
    await add(0, 'l3', '1');
    woken.length = 0;

    await subscriptions.remove('l3', '1', deadline());

    assert.deepEqual([await kept('l3'), woken], [[], [0]]);
  });

  test('a reader has the shard that it has taken', async () => {
    await add(9, 'l4', '1');
    await store.mark(9, 'l4', 0, deadline());

    assert.notEqual(await losing.take(9, lease('reader', 1000), deadline()), null);
    assert.equal(await store.take(9, lease('another', 2000), deadline()), null);
  });
});
