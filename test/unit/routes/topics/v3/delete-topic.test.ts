import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { handler } from '../../../../../functions/delete-topic.ts';
import { deleteTopicsAnswer, keys, readDeleteTopics } from '../../../../harness/fake-broker/broker-side.ts';
import { gatewayWith } from '../../gateway.ts';

const grants = [
  { principal: '*', operations: ['delete'], topics: ['orders'] },
  { principal: '*', operations: ['create', 'produce', 'read', 'alter'], topics: ['other'] },
];
const { kafkaHas, send } = gatewayWith(handler, { GATEWAY_GRANTS: JSON.stringify(grants) });

/** Kafka that deletes topics, or refuses to; collects which. */
function deleting(error = 0): string[] {
  const deleted: string[] = [];
  kafkaHas({ clusterId: 'c-1' }, ({ key, body }) => {
    assert.equal(key, keys.deleteTopics);
    const { name } = readDeleteTopics(body);
    deleted.push(name);
    return deleteTopicsAnswer(name, error);
  });
  return deleted;
}

const remove = (t: TestContext, path: string) => send(t, 'DELETE', `/v3/clusters/${path}`);

test('a topic is deleted, and there is nothing more to say', async (t) => {
  const deleted = deleting();

  const { status, text } = await remove(t, 'c-1/topics/orders');

  assert.deepEqual([status, text, deleted], [204, '', ['orders']]);
});

for (const [path, error, status, code] of [
  ['c-1/topics/orders', 3, 404, 40403],
  ['c-1/topics/orders', 73, 400, 40002],
  ['c-1/topics/orders', 29, 403, 40301],
] as const) {
  test(`Kafka's refusal ${error} is told`, async (t) => {
    deleting(error);

    const answer = await remove(t, path);

    assert.deepEqual([answer.status, answer.body.error_code], [status, code]);
  });
}

for (const [path, status, code] of [
  ['c-1/topics/other', 403, 40301],
  ['c-2/topics/orders', 404, 404],
] as const) {
  test(`${path} is refused with ${status}, and nothing deleted`, async (t) => {
    const deleted = deleting();

    const answer = await remove(t, path);

    assert.deepEqual([answer.status, answer.body.error_code, deleted], [status, code, []]);
  });
}
