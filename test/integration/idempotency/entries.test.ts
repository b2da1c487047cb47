import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { DeleteItemCommand, GetItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Table } from '../../../lib/aws/dynamodb.ts';
import { DynamoDbEntries } from '../../../lib/idempotency/dynamodb-entries.ts';
import type { Claim, Fate } from '../../../lib/idempotency/entry.ts';
import { startTable, type TestTable } from '../../harness/aws/table.ts';

let table: TestTable;
let entries: DynamoDbEntries;

before(async () => {
  table = await startTable();
  Object.assign(process.env, table.environment);
  entries = new DynamoDbEntries(new Table(table.name));
});
after(() => table?.stop());

const soon = () => Date.now() + 60_000;
const newClaim = (id: string = randomUUID()): Claim => ({
  id,
  fingerprint: Uint8Array.from(randomBytes(32)),
  claimedBy: randomUUID(),
  claimedAt: Date.now(),
  leaseUntil: Date.now() + 30_000,
  expiresAt: Math.ceil(Date.now() / 1000) * 1000 + 3_600_000,
});
const answerOf = (body: string): Fate => ({ fate: 'settled', answer: { status: 200, mediaType: 'application/json', body } });
const keyOf = ({ id }: Claim) => ({ pk: { S: `idempotency#${id}` } });

test('a free key is claimed by one of many', async () => {
  const id = randomUUID();
  // No more than are answered within a second on a busy machine: a claim whose answer comes later is sent again, and finds itself.
  const claims = Array.from({ length: 10 }, () => newClaim(id));

  const found = await Promise.all(claims.map((claim) => entries.claim(claim, soon())));

  const winners = claims.filter((_, i) => found[i] === null);
  assert.equal(winners.length, 1);
  for (const entry of found) if (entry !== null) assert.deepEqual(entry, { ...winners[0], fate: 'running' });
});

for (const fate of [answerOf('{"offsets":[]}'), { fate: 'unsure' }] satisfies Fate[]) {
  test(`an entry that is ${fate.fate} is found as it was noted`, async () => {
    const claim = newClaim();
    await entries.claim(claim, soon());

    await entries.settle(claim, fate, soon());

    assert.deepEqual(await entries.claim(newClaim(claim.id), soon()), { ...claim, ...fate });
  });
}

test('a key that was used for nothing is free, whatever its lifetime', async () => {
  const claim = newClaim();
  await entries.claim(claim, soon());

  await entries.settle(claim, { fate: 'undone' }, soon());

  assert.equal(await entries.claim(newClaim(claim.id), soon()), null);
});

test('an entry that has expired counts as gone, although it is still there', async () => {
  const claim = { ...newClaim(), expiresAt: Date.now() - 1000 };
  await entries.claim(claim, soon());
  await entries.settle(claim, answerOf('old'), soon());

  assert.equal(await entries.claim(newClaim(claim.id), soon()), null);
});

test('who no longer holds the key notes nothing', async () => {
  const [late, next] = [newClaim(), newClaim()].map((claim) => ({ ...claim, id: 'one key', expiresAt: Date.now() - 1000 }));
  await entries.claim(late, soon());
  await entries.claim(next, soon());

  await assert.rejects(entries.settle(late, answerOf('late'), soon()), { name: 'ConditionalCheckFailedException' });
});

suite('an answer that is larger than an item can be', () => {
  const body = randomBytes(600_000).toString('base64');

  test('is kept in parts, which expire with it', async () => {
    const claim = newClaim();
    await entries.claim(claim, soon());

    await entries.settle(claim, answerOf(body), soon());

    assert.deepEqual(await entries.claim(newClaim(claim.id), soon()), { ...claim, ...answerOf(body) });
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
    const parts = Items.filter(({ pk }) => pk.S?.startsWith(`idempotency#${claim.id}#`));
    assert.equal(parts.length, 2);
    for (const { expiresAt } of parts) assert.deepEqual(expiresAt, { N: String(claim.expiresAt / 1000) });
  });

  test('is not given again in part', async () => {
    const claim = newClaim();
    await entries.claim(claim, soon());
    await entries.settle(claim, answerOf(body), soon());

    const Key = { pk: { S: `idempotency#${claim.id}#${claim.claimedBy}#1` } };
    await table.client.send(new DeleteItemCommand({ TableName: table.name, Key }));

    await assert.rejects(entries.claim(newClaim(claim.id), soon()), { message: /not as it was written: its attribute answer is missing/ });
  });
});

test('an item says nothing of the answer but in packed form, and when DynamoDB may delete it', async () => {
  const claim = newClaim();
  await entries.claim(claim, soon());
  await entries.settle(claim, answerOf('{"offsets":[]}'), soon());

  const { Item = {} } = await table.client.send(new GetItemCommand({ TableName: table.name, Key: keyOf(claim) }));

  const expected = ['answer', 'claimedAt', 'claimedBy', 'expiresAt', 'fate', 'fingerprint', 'leaseUntil', 'pk'];
  assert.deepEqual(Object.keys(Item).sort(), expected);
  assert.deepEqual(Item.expiresAt, { N: String(claim.expiresAt / 1000) });
});

test('an item of another making is an error, not an answer', async () => {
  const claim = newClaim();
  await entries.claim(claim, soon());
  await table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: keyOf(claim),
      UpdateExpression: 'SET fate = :fate',
      ExpressionAttributeValues: { ':fate': { S: 'another' } },
    }),
  );

  await assert.rejects(entries.claim(newClaim(claim.id), soon()), { message: /not as it was written: its attribute fate is missing/ });
});
