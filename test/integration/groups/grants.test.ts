import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { joinWithKafkajs } from '../../harness/kafka/group-members.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';
import { deleteFrom, describe, listGroups, newGroup, offsetsOf, put } from './group-requests.ts';

const arn = (user: string) => `arn:aws:iam::123456789012:user/${user}`;
const as = (user: string) => ({ authorizer: { iam: { userArn: arn(user) } } });
const operator = as('operator');
const observer = as('observer');
const committer = as('committer');
const cleaner = as('cleaner');
const stranger = as('stranger');

const team = newGroup();
let topic: string;
let other: string;

before(async () => {
  [topic, other] = [await createTopic(), await createTopic()];
  const grants = [
    { principal: arn('operator'), operations: ['*'], consumer_groups: ['*'], topics: ['*'] },
    { principal: arn('observer'), operations: ['describe'], consumer_groups: [`${team}*`], topics: [topic] },
    { principal: arn('committer'), operations: ['commit', 'read'], consumer_groups: [`${team}-a`], topics: [topic] },
    { principal: arn('cleaner'), operations: ['delete', 'read'], consumer_groups: ['*'], topics: [topic] },
  ];
  configure(sharedKafka(), { GATEWAY_AUTH: 'iam', GATEWAY_GRANTS: JSON.stringify(grants) });
  for (const group of [`${team}-a`, `${team}-b`, newGroup()]) {
    const { status, text } = await put(
      group,
      [topic, other].map((name) => ({ topic: name, offset: 'earliest' })),
      operator,
    );
    assert.equal(status, 200, text);
  }
});

const refusedTo = (operation: string, what: 'topic' | 'consumer group') => ({
  ...{ status: 403, code: 40301 },
  message: new RegExp(`^You have no grant to ${operation} on the ${what} ".*": ask the operator`),
});

test('a list shows the groups that the caller may describe', async () => {
  const namesFor = async (parts: ReturnType<typeof as>) =>
    (await listGroups(parts)).map(({ group_id }) => group_id).filter((name) => name.startsWith(team));

  assert.deepEqual(await namesFor(observer), [`${team}-a`, `${team}-b`]);
  assert.deepEqual(await namesFor(committer), [`${team}-a`]);
  assert.deepEqual(await listGroups(stranger), []);
  assert.ok((await listGroups(operator)).length >= 3);
});

test('offsets and members are shown of the topics that the caller may describe', async (t) => {
  const group = `${team}-live`;
  await put(
    group,
    [topic, other].map((name) => ({ topic: name, offset: 'earliest' })),
    operator,
  );
  await joinWithKafkajs(t, group, other);
  await until(async () => (await describe(group, operator)).json.members[0]?.assignments?.length === 1);

  const described = await describe(group, observer);
  const offsets = await offsetsOf(group, {}, observer);
  const named = await offsetsOf(group, { topic: other }, observer);

  assert.deepEqual(described.json.members[0].assignments, []);
  assert.deepEqual(
    offsets.json.offsets.map((one) => one.topic),
    [topic],
  );
  assertRefused(named, refusedTo('describe', 'topic'));
});

test('to describe a group is not to change it', async () => {
  const group = `${team}-b`;

  assertRefused(await put(group, [{ topic, offset: 'latest' }], observer), refusedTo('commit', 'consumer group'));
  assertRefused(await deleteFrom(group, '/offsets', {}, observer), refusedTo('delete', 'consumer group'));
  assertRefused(await deleteFrom(group, '', {}, observer), refusedTo('delete', 'consumer group'));
});

test('to commit takes a grant to read the topic, too', async () => {
  const group = `${team}-a`;

  const taken = await put(group, [{ topic, offset: 'latest' }], committer);
  const refused = await put(
    group,
    [topic, other].map((name) => ({ topic: name, offset: 'latest' })),
    committer,
  );
  const elsewhere = await put(`${team}-b`, [{ topic, offset: 'latest' }], committer);

  assert.equal(taken.status, 200, taken.text);
  assertRefused(refused, refusedTo('read', 'topic'));
  assertRefused(elsewhere, refusedTo('commit', 'consumer group'));
});

test('all offsets can be deleted only by who may read all their topics, whose names are not told', async () => {
  const group = newGroup();
  await put(
    group,
    [topic, other].map((name) => ({ topic: name, offset: 'latest' })),
    operator,
  );

  const all = await deleteFrom(group, '/offsets', {}, cleaner);
  const one = await deleteFrom(group, '/offsets', { topic }, cleaner);
  const another = await deleteFrom(group, '/offsets', { topic: other }, cleaner);

  assertRefused(all, { status: 403, code: 40301, message: /topics that you have no grant to read/ });
  assert.ok(!all.text.includes(other));
  assert.equal(one.status, 204, one.text);
  assertRefused(another, refusedTo('read', 'topic'));
  assert.equal((await offsetsOf(group, {}, operator)).json.offsets.length, 1);
});

test('who has no grant learns nothing, not even whether a group is there', async () => {
  for (const group of [`${team}-a`, newGroup()]) {
    assertRefused(await describe(group, stranger), refusedTo('describe', 'consumer group'));
    assertRefused(await offsetsOf(group, {}, stranger), refusedTo('describe', 'consumer group'));
    assertRefused(await put(group, [{ topic, offset: 'latest' }], stranger), refusedTo('commit', 'consumer group'));
    assertRefused(await deleteFrom(group, '', {}, stranger), refusedTo('delete', 'consumer group'));
  }
});

test('who may do everything, may', async () => {
  const group = newGroup();
  await put(group, [{ topic: other, offset: 'latest' }], operator);

  assert.equal((await deleteFrom(group, '/offsets', { topic: other }, operator)).status, 204);
  assert.equal((await deleteFrom(group, '', {}, operator)).status, 204);
});
