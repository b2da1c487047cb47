import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { conditionFailedOn, type Item, Table } from '../../../lib/aws/dynamodb.ts';
import { DynamoDbGroups } from '../../../lib/consumers/group-store.ts';
import { startTable, type TestTable } from '../../harness/aws/table.ts';

let dynamodb: TestTable;
let table: Table;

before(async () => {
  dynamodb = await startTable();
  Object.assign(process.env, dynamodb.environment);
  table = new Table(dynamodb.name);
});
after(() => dynamodb?.stop());

const soon = () => Date.now() + 60_000;
/** As many as are answered within a second on a busy machine: a call whose answer comes later is sent again. */
const AT_ONCE = 10;
const newKey = (): Item => ({ pk: { S: randomUUID() } });

test('what is written is read back', async () => {
  const key = newKey();
  const item = { ...key, bytes: { B: Uint8Array.of(0, 255) }, expiresAt: { N: '1' } };
  await table.putItem({ Item: item }, soon());

  const { Item } = await table.getItem({ Key: key }, soon());

  assert.deepEqual(Item, item);
});

test('a write whose condition fails answers with the item that is there', async () => {
  const key = newKey();
  const first = { ...key, by: { S: 'first' } };
  const put = (Item: Item) =>
    table.putItem({ Item, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }, soon());
  await put(first);

  const refusal = await put({ ...key, by: { S: 'second' } }).catch((error: unknown) => error);

  assert.deepEqual(conditionFailedOn(refusal), first);
});

test('of many conditional writes at once, one succeeds', async () => {
  const key = newKey();
  const puts = Array.from({ length: AT_ONCE }, (_, i) =>
    table.putItem({ Item: { ...key, by: { N: String(i) } }, ConditionExpression: 'attribute_not_exists(pk)' }, soon()),
  );

  const results = await Promise.allSettled(puts);

  const refused = results.filter((result) => result.status === 'rejected');
  assert.ok(refused.every(({ reason }) => conditionFailedOn(reason)));
  assert.equal(refused.length, AT_ONCE - 1);
});

test('of many conditional increments at once, as many succeed as the condition allows', async () => {
  const key = newKey();
  const increments = Array.from({ length: AT_ONCE }, () =>
    table.updateItem(
      {
        Key: key,
        UpdateExpression: 'ADD used :one',
        ConditionExpression: 'attribute_not_exists(used) OR used < :limit',
        ExpressionAttributeValues: { ':one': { N: '1' }, ':limit': { N: '4' } },
      },
      soon(),
    ),
  );

  const results = await Promise.allSettled(increments);

  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 4);
  const { Item } = await table.getItem({ Key: key }, soon());
  assert.deepEqual(Item?.used, { N: '4' });
});

test('a transaction writes all of its items or none', async () => {
  const [one, other] = [newKey(), newKey()];
  const put = (Item: Item) => ({ Put: { TableName: table.name, Item, ConditionExpression: 'attribute_not_exists(pk)' } });
  await table.putItem({ Item: other }, soon());

  const transaction = table.transactWriteItems([put(one), put(other)], soon());

  await assert.rejects(transaction, { name: 'TransactionCanceledException' });
  assert.equal((await table.getItem({ Key: one }, soon())).Item, undefined);
});

test('a call whose deadline has passed sends nothing', async () => {
  const key = newKey();

  const late = table.putItem({ Item: key }, Date.now());

  await assert.rejects(late, { name: 'AbortError' });
  assert.equal((await table.getItem({ Key: key }, soon())).Item, undefined);
});

test('of two writes of a group that was read once, one is carried out, and is known again', async () => {
  const groups = new DynamoDbGroups(table);
  const key = randomUUID();
  const none = await groups.read(key, soon());
  const { now } = await groups.write(key, none, { text: 'first', id: '1' }, soon());

  const again = await groups.write(key, none, { text: 'first', id: '1' }, soon());
  const second = await groups.write(key, now, { text: 'second', id: '2' }, soon());
  const late = await groups.write(key, now, { text: 'late', id: '3' }, soon());

  assert.deepEqual([again.isOurs, second.isOurs, late.isOurs], [true, true, false]);
  assert.deepEqual(await groups.read(key, soon()), { version: 2, text: 'second', writes: ['2', '1'] });
});
