import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, test } from 'node:test';
import { gatewayCluster } from '../../../lib/clusters/kafka-cluster.ts';
import { commitOffsets } from '../../../lib/kafka/groups/offsets.ts';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopics, recreateTopic } from '../../harness/kafka/topics.ts';
import { readPage, valuesOf } from './topic-pages.ts';

// Topics that are made anew are to be seen at once.
configure(sharedKafka(), { KAFKA_METADATA_MAX_AGE_MS: '1' });

let prefix: string;
let anew: string;
let other: string;

beforeEach(async () => {
  prefix = `anew-${randomUUID()}`;
  [anew, other] = [`${prefix}.anew`, `${prefix}.other`];
  await createTopics([{ topic: anew, numPartitions: 2 }, { topic: other }]);
  await produce(
    anew,
    'json',
    ['o0', 'o1', 'o2'].map((value) => ({ value, partition: 0 })),
  );
});

test('a topic of a pattern that is made anew with a shorter log is read from its beginning, and keeps no other back', async () => {
  const pattern = { 'topics-pattern': `${prefix}\\..*` };
  const { json: before } = await readPage('*', pattern);
  await recreateTopic(anew);
  await produce(anew, 'json', [{ value: 'n0' }]);
  await produce(other, 'json', [{ value: 'x0' }]);

  const page = await readPage('*', { ...pattern, cursor: before.pagination.nextCursor });

  assert.equal(page.status, 200, page.text);
  assert.deepEqual(valuesOf(page.json).toSorted(), ['n0', 'x0']);
  assert.deepEqual(page.json.gaps, [{ topic: anew, partition: 0, from: 3, to: 0 }]);
  const after = await readPage('*', { ...pattern, cursor: page.json.pagination.nextCursor, timeout: 0 });
  assert.deepEqual([after.status, after.json.items, after.json.gaps], [200, [], []]);
});

/** The form of a cursor before it knew topics of one name apart. */
const withoutIncarnations = (cursor: string): string => {
  const text = Buffer.from(cursor, 'base64url').toString();
  return Buffer.from(text.slice(text.lastIndexOf('~') + 1)).toString('base64url');
};

for (const [what, count] of [
  ['shorter', 0],
  ['longer', 5],
] as const) {
  test(`the cursor of a topic that was named, and made anew with a ${what} log, is refused`, async () => {
    const { json: before } = await readPage(anew);
    await recreateTopic(anew, 2);
    const values = Array.from({ length: count }, (_, i) => ({ value: `n${i}`, partition: 0 }));
    if (count > 0) await produce(anew, 'json', values);

    const page = await readPage(anew, { cursor: before.pagination.nextCursor, timeout: 0 });

    assertRefused(page, {
      status: 400,
      code: 40002,
      message: /was deleted and created again after this cursor: start again without a cursor/,
    });
  });
}

test('a topic beside a pattern that is made anew with a longer log is read from its beginning', async () => {
  const pattern = { 'topics-pattern': `${prefix}\\..*` };
  const { json: before } = await readPage(anew, pattern);
  await recreateTopic(anew, 2);
  const values = ['n0', 'n1', 'n2', 'n3'];
  await produce(
    anew,
    'json',
    values.map((value) => ({ value, partition: 0 })),
  );

  const page = await readPage(anew, { ...pattern, cursor: before.pagination.nextCursor });

  assert.deepEqual(valuesOf(page.json), values, page.text);
  assert.deepEqual(page.json.gaps, [{ topic: anew, partition: 0, from: 3, to: 0 }]);
  const after = await readPage(anew, { ...pattern, cursor: page.json.pagination.nextCursor, timeout: 0 });
  assert.deepEqual([after.status, after.json.items, after.json.gaps], [200, [], []]);
});

test('a cursor without the ids of its topics is good for a topic of the name; a log that ends before it refuses it', async () => {
  const { json: before } = await readPage(anew, { limit: 1 });
  const cursor = withoutIncarnations(before.pagination.nextCursor);

  const same = await readPage(anew, { cursor });
  await recreateTopic(anew, 2);
  const shorter = await readPage(anew, { cursor, timeout: 0 });

  assert.deepEqual(valuesOf(same.json), ['o1', 'o2']);
  assertRefused(shorter, { status: 400, code: 40002, message: /the topic was created again: start again without a cursor/ });
});

for (const delivery of ['auto', 'at-most-once']) {
  test(`a group that has read further than a topic which was made anew goes, is given it from its beginning (${delivery})`, async () => {
    const query = { group: `group-${randomUUID()}`, delivery };
    await recreateTopic(anew);
    await produce(anew, 'json', [{ value: 'n0' }]);
    // Kafka forgets offsets with their topic, and takes those of a reader that has not noticed yet.
    await commitOffsets(gatewayCluster(), query.group, [{ topic: anew, partition: 0, offset: 3, metadata: null }], Date.now() + 10_000);

    const page = await readPage(anew, query);

    assert.equal(page.status, 200, page.text);
    assert.deepEqual(valuesOf(page.json), ['n0']);
    assert.deepEqual(page.json.gaps, [{ topic: anew, partition: 0, from: 3, to: 0 }]);
  });
}
