import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, suite, test } from 'node:test';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { keys } from '../../harness/fake-broker/broker-side.ts';
import { type Answer, call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { post } from '../../harness/http/requests.ts';
import { deleteFrom, describe, newGroup, offsetsOf, put } from '../groups/group-requests.ts';
import { type ErrorBroker, startErrorBroker } from './error-broker.ts';

let broker: ErrorBroker;
let topic: string;

before(async () => {
  broker = await startErrorBroker();
  configure(broker.address);
});
after(() => broker.stop());
beforeEach(() => {
  topic = `topic-${randomUUID()}`;
  broker.forget();
});

const json = { 'content-type': 'application/json' };
/** Half a second of it is kept to answer. */
const remainingMs = 1500;

interface Route {
  key: number;
  /** Requests of that kind that it takes. */
  takes?: number;
  success: number;
  send(): Promise<Answer>;
}

const routes: Record<string, Route> = {
  produce: {
    key: keys.produce,
    success: 200,
    send: () => post(`/topics/${topic}`, 'text', { records: [{ value: 'x' }] }, { remainingMs }),
  },
  'a first produce': {
    key: keys.metadata,
    success: 200,
    send: () => post(`/topics/${topic}`, 'text', { records: [{ value: 'x' }] }, { remainingMs }),
  },
  fetch: {
    key: keys.fetch,
    success: 200,
    send: () => call('GET', `/topics/${topic}/partitions/0/records`, { query: 'offset=7&timeout=0', remainingMs }),
  },
  'list offsets': {
    key: keys.listOffsets,
    takes: 2,
    success: 200,
    send: () => call('GET', `/topics/${topic}/partitions/0/offsets`, { remainingMs }),
  },
  'topic metadata': { key: keys.metadata, success: 200, send: () => call('GET', `/topics/${topic}/partitions`, { remainingMs }) },
  'topic settings': { key: keys.describeConfigs, success: 200, send: () => call('GET', `/topics/${topic}`, { remainingMs }) },
  'create topic': {
    key: keys.createTopics,
    success: 201,
    send: () => call('POST', '/admin/topics', { headers: json, body: JSON.stringify({ topic_name: topic }), remainingMs }),
  },
  'coordinator of a group': { key: keys.findCoordinator, success: 200, send: () => describe(newGroup(), { remainingMs }) },
  'group offsets': { key: keys.offsetFetch, success: 200, send: () => offsetsOf('g', {}, { remainingMs }) },
  commit: { key: keys.offsetCommit, success: 200, send: () => put('g', [{ topic, partition: 0, offset: 7 }], { remainingMs }) },
  'delete offsets': { key: keys.offsetDelete, success: 204, send: () => deleteFrom('g', '/offsets', {}, { remainingMs }) },
  group: { key: keys.describeGroups, success: 200, send: () => describe('g', { remainingMs }) },
  groups: { key: keys.listGroups, success: 200, send: () => call('GET', '/groups', { remainingMs }) },
  'delete group': { key: keys.deleteGroups, success: 204, send: () => deleteFrom('g', '', {}, { remainingMs }) },
};

suite('an error that another try cannot mend is told after the first answer:', () => {
  const cases: [route: keyof typeof routes, error: number, name: string, status: number, code: number][] = [
    ['produce', 10, 'MESSAGE_TOO_LARGE', 413, 413],
    ['produce', 17, 'INVALID_TOPIC_EXCEPTION', 400, 40002],
    ['produce', 18, 'RECORD_LIST_TOO_LARGE', 413, 413],
    ['produce', 29, 'TOPIC_AUTHORIZATION_FAILED', 403, 40301],
    ['produce', 31, 'CLUSTER_AUTHORIZATION_FAILED', 403, 40301],
    ['produce', 32, 'INVALID_TIMESTAMP', 400, 40002],
    ['produce', 42, 'INVALID_REQUEST', 400, 40002],
    ['produce', 43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 400, 40002],
    ['produce', 44, 'POLICY_VIOLATION', 400, 40002],
    ['produce', 76, 'UNSUPPORTED_COMPRESSION_TYPE', 500, 50002],
    ['produce', 87, 'INVALID_RECORD', 422, 422],
    ['produce', 119, 'an error of a later Kafka', 500, 50002],
    ['a first produce', 17, 'INVALID_TOPIC_EXCEPTION', 400, 40002],
    ['a first produce', 29, 'TOPIC_AUTHORIZATION_FAILED', 403, 40301],
    ['fetch', 29, 'TOPIC_AUTHORIZATION_FAILED', 403, 40301],
    ['fetch', 76, 'UNSUPPORTED_COMPRESSION_TYPE', 500, 50002],
    ['list offsets', 29, 'TOPIC_AUTHORIZATION_FAILED', 403, 40301],
    ['list offsets', 43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 400, 40002],
    ['topic metadata', 3, 'UNKNOWN_TOPIC_OR_PARTITION', 404, 40401],
    ['topic metadata', 17, 'INVALID_TOPIC_EXCEPTION', 400, 40002],
    ['topic metadata', 29, 'TOPIC_AUTHORIZATION_FAILED', 403, 40301],
    ['topic settings', 3, 'UNKNOWN_TOPIC_OR_PARTITION', 404, 40401],
    ['topic settings', 31, 'CLUSTER_AUTHORIZATION_FAILED', 403, 40301],
    ['create topic', 17, 'INVALID_TOPIC_EXCEPTION', 400, 40002],
    ['create topic', 29, 'TOPIC_AUTHORIZATION_FAILED', 403, 40301],
    ['create topic', 31, 'CLUSTER_AUTHORIZATION_FAILED', 403, 40301],
    ['create topic', 36, 'TOPIC_ALREADY_EXISTS', 409, 40904],
    ['create topic', 37, 'INVALID_PARTITIONS', 400, 40002],
    ['create topic', 38, 'INVALID_REPLICATION_FACTOR', 400, 40002],
    ['create topic', 40, 'INVALID_CONFIG', 400, 40002],
    ['create topic', 44, 'POLICY_VIOLATION', 400, 40002],
    ['create topic', 89, 'THROTTLING_QUOTA_EXCEEDED', 429, 42901],
    ['coordinator of a group', 24, 'INVALID_GROUP_ID', 400, 40002],
    ['coordinator of a group', 30, 'GROUP_AUTHORIZATION_FAILED', 403, 40301],
    ['group offsets', 30, 'GROUP_AUTHORIZATION_FAILED', 403, 40301],
    ['commit', 3, 'UNKNOWN_TOPIC_OR_PARTITION', 404, 40401],
    ['commit', 12, 'OFFSET_METADATA_TOO_LARGE', 400, 40002],
    ['commit', 22, 'ILLEGAL_GENERATION', 409, 40903],
    ['commit', 25, 'UNKNOWN_MEMBER_ID', 409, 40903],
    ['commit', 27, 'REBALANCE_IN_PROGRESS', 409, 40903],
    ['commit', 28, 'INVALID_COMMIT_OFFSET_SIZE', 400, 40002],
    ['commit', 29, 'TOPIC_AUTHORIZATION_FAILED', 403, 40301],
    ['commit', 30, 'GROUP_AUTHORIZATION_FAILED', 403, 40301],
    ['commit', 110, 'FENCED_MEMBER_EPOCH', 409, 40903],
    ['commit', 113, 'STALE_MEMBER_EPOCH', 409, 40903],
    ['delete offsets', 68, 'NON_EMPTY_GROUP', 409, 40903],
    ['delete offsets', 69, 'GROUP_ID_NOT_FOUND', 404, 40405],
    ['delete offsets', 86, 'GROUP_SUBSCRIBED_TO_TOPIC', 409, 40903],
    ['group', 30, 'GROUP_AUTHORIZATION_FAILED', 403, 40301],
    ['groups', 31, 'CLUSTER_AUTHORIZATION_FAILED', 403, 40301],
    ['delete group', 68, 'NON_EMPTY_GROUP', 409, 40903],
    ['delete group', 69, 'GROUP_ID_NOT_FOUND', 404, 40405],
  ];
  for (const [route, error, name, status, code] of cases) {
    test(`${name} (${error}) to ${route} is ${status} ${code}`, async (t) => {
      captureLog(t);
      const { key, takes = 1, send } = routes[route];
      broker.answer(key, [error]);

      const answer = await send();

      assertRefused(answer, { status, code, message: /./ });
      assert.equal(broker.received(key), takes);
    });
  }
});

suite('an error that passes', () => {
  const cases: [route: keyof typeof routes, errors: number[]][] = [
    ['produce', [2, 3, 5, 6, 19, 74, 75]],
    ['a first produce', [5]],
    ['fetch', [2, 3, 5, 6, 8, 9, 13, 56, 72, 74, 75, 78]],
    ['list offsets', [3, 5, 6, 8, 9, 13, 56, 72, 74, 75, 78]],
    ['topic metadata', [5, 6]],
    ['topic settings', [7, 41]],
    ['coordinator of a group', [15]],
    ['group offsets', [14, 15, 16]],
    ['commit', [14, 15, 16]],
    ['delete offsets', [14, 15, 16]],
    ['group', [14, 15, 16]],
    ['groups', [14, 15]],
    ['delete group', [14, 15, 16]],
  ];
  for (const [route, errors] of cases) {
    for (const error of errors) {
      test(`is not seen: ${error} to ${route}`, async () => {
        const { key, success, send } = routes[route];
        broker.answer(key, [error, error, 0]);

        const answer = await send();

        assert.equal(answer.status, success, answer.text);
      });
    }

    test(`is 503 when it has not passed by the deadline: ${errors[0]} to ${route}`, async (t) => {
      captureLog(t);
      const { key, send } = routes[route];
      broker.answer(key, [errors[0]]);

      const answer = await send();

      assertRefused(answer, { status: 503, code: 50003, message: /try again/ });
      assert.ok(broker.received(key) > 2);
    });
  }
});

for (const [name, error] of [
  ['NOT_ENOUGH_REPLICAS', 19],
  ['NOT_LEADER_OR_FOLLOWER', 6],
] as const) {
  test(`records that were refused by ${name} up to the deadline were not written, and the answer says so`, async (t) => {
    captureLog(t);
    broker.answer(keys.produce, [error]);

    const answer = await routes.produce.send();

    assertRefused(answer, { status: 503, code: 50003, message: /The records were not written(: [a-z ]+)?$/ });
  });
}

for (const [name, error] of [
  ['REQUEST_TIMED_OUT', 7],
  ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 20],
  ['NETWORK_EXCEPTION', 13],
  ['KAFKA_STORAGE_ERROR', 56],
  ['UNKNOWN_SERVER_ERROR', -1],
] as const) {
  test(`records of which Kafka said ${name} up to the deadline may have been written, and the answer says so`, async (t) => {
    captureLog(t);
    broker.answer(keys.produce, [error]);

    const answer = await routes.produce.send();

    assert.ok(answer.status === 503 || answer.status === 504, answer.text);
    assert.match(answer.text, /may have been written/);
  });
}

for (const [name, error, message] of [
  ['REQUEST_TIMED_OUT', 7, /The topic may have been created/],
  ['NOT_CONTROLLER', 41, /try again/],
] as const) {
  test(`a topic is asked for once: ${name} is for the client to try again`, async (t) => {
    captureLog(t);
    broker.answer(keys.createTopics, [error]);

    const answer = await routes['create topic'].send();

    assertRefused(answer, { status: 503, code: 50003, message });
    assert.equal(broker.received(keys.createTopics), 1);
  });
}

for (const [name, error] of [
  ['COORDINATOR_LOAD_IN_PROGRESS', 14],
  ['COORDINATOR_NOT_AVAILABLE', 15],
  ['NOT_COORDINATOR', 16],
] as const) {
  test(`a producer id is asked for again while Kafka answers ${name}`, async () => {
    closeClusters();
    broker.answer(keys.initProducerId, [error, error, 0]);

    const answer = await routes.produce.send();

    assert.equal(answer.status, 200, answer.text);
    assert.equal(broker.received(keys.initProducerId), 3);
  });
}

test('who may not have a producer id is 403, and nothing was sent', async (t) => {
  captureLog(t);
  closeClusters();
  broker.answer(keys.initProducerId, [31]);

  const answer = await routes.produce.send();

  assertRefused(answer, { status: 403, code: 40301, message: /on the cluster/ });
  assert.deepEqual([broker.received(keys.initProducerId), broker.received(keys.produce)], [1, 0]);
});

test('an offset outside the log is told with its bounds', async () => {
  broker.answer(keys.fetch, [1]);

  const answer = await routes.fetch.send();

  assertRefused(answer, {
    status: 400,
    code: 40002,
    message: /from 7 to 7, which is written next/,
    mediaType: answer.headers['content-type'],
  });
  // Kafka says in the same breath that the offset is in the log, which is asked for once more.
  assert.equal(broker.received(keys.fetch), 2);
});
