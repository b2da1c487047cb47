import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, post } from '../../harness/http/requests.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

for (const [method, path] of [
  ['GET', '/nothing'],
  ['GET', '/topics/a/b'],
  ['GET', '/topics//partitions'],
  ['GET', '/topics/a/partitions/0/records/0'],
  ['GET', '/topics/a/offsets/0'],
  ['POST', '/topics/a/partitions/0/records/x'],
  ['POST', '/records/a'],
  ['POST', '/admin/topics/a'],
  ['GET', '/admin'],
] as const) {
  test(`there is nothing at ${method} ${path}`, async () => {
    const answer = await call(method, path, method === 'POST' ? { body: 'x' } : {});

    assertRefused(answer, { status: 404, code: 404, message: /^There is nothing at/ });
  });
}

for (const [method, path, allow] of [
  ['DELETE', '/topics/a', 'GET, POST'],
  ['PUT', '/topics/a', 'GET, POST'],
  ['DELETE', '/topics', 'GET'],
  ['POST', '/topics', 'GET'],
  ['POST', '/topics/a/offsets', 'GET'],
  ['GET', '/records', 'POST'],
  ['GET', '/admin/topics', 'POST'],
  ['POST', '/health/ready', 'GET'],
  ['PATCH', '/topics/a/partitions/0', 'GET, POST'],
  ['POST', '/topics/a/partitions/0/records', 'GET'],
] as const) {
  test(`${method} ${path} is 405 and allows ${allow}`, async () => {
    const answer = await call(method, path);

    assertRefused(answer, { status: 405, code: 405, message: new RegExp(`use ${allow}$`) });
    assert.equal(answer.headers.allow, allow);
  });
}

for (const [path, status, code, message] of [
  ['/topics/a%20b', 400, 40002, /"a b" is not a topic name/],
  ['/topics/a%2Fb/partitions/0/offsets', 400, 40002, /"a\/b" is not a topic name/],
  ['/topics/..', 400, 40002, /".." is not a topic name/],
  [`/topics/${'x'.repeat(250)}`, 400, 40002, /is not a topic name/],
  ['/topics/%FF', 400, 400, /percent escape that is not UTF-8/],
  ['/topics/a/partitions/x/offsets', 404, 40402, /no partition "x"/],
  ['/topics/a/partitions/-1', 404, 40402, /no partition "-1"/],
  ['/topics/a/partitions/2147483648/records', 404, 40402, /no partition "2147483648"/],
] as const) {
  test(`GET ${path.slice(0, 40)} is ${status}`, async () => {
    const answer = await call('GET', path);

    assertRefused(answer, { status, code, message });
  });
}

test('HEAD is answered as GET without a body, by every function', async () => {
  const topic = await createTopic();
  await post(`/topics/${topic}`, 'text', { records: [{ value: 'a' }] });
  const query = 'offset=0';

  for (const path of [
    '/',
    '/health',
    '/topics',
    `/topics/${topic}/offsets/`,
    `/topics/${topic}/partitions/0/records`,
    '/docs',
    '/groups',
  ]) {
    const [head, get] = [await call('HEAD', path, { query }), await call('GET', path, { query })];

    const { 'kafka-high-watermark': mark, 'content-type': type } = get.headers;
    assert.deepEqual([head.status, head.text, head.headers['content-type']], [200, '', type], path);
    assert.equal(head.headers['kafka-high-watermark'], mark);
  }
  assert.equal((await call('HEAD', '/topics/nope-1')).status, 404);
});

test('HEAD commits no offsets of what nobody got', async () => {
  const topic = await createTopic();
  await post(`/topics/${topic}`, 'text', { records: [{ value: 'a' }] });
  const query = { group: topic, delivery: 'at-most-once' };

  const head = await call('HEAD', `/topics/${topic}/records`, { query });
  const get = await call<{ items: unknown[] }>('GET', `/topics/${topic}/records`, { query });

  assert.deepEqual([head.status, get.json.items.length], [200, 1]);
});

test("what Strimzi's bridge has beside it is served, and who the caller is", async () => {
  const lambda = { principalId: 'alice', mode: 'basic', grants: '[{"principal":"*","operations":["read"],"topics":["a*"]}]' };

  const [alive, ready] = [await call('GET', '/healthy'), await call('GET', '/ready')];
  const [description, same] = [await call('GET', '/openapi.json'), await call('GET', '/openapi/v3')];
  const [nobody, alice] = [await call('GET', '/whoami'), await call('GET', '/whoami', { authorizer: { lambda } })];

  assert.deepEqual([alive.status, alive.text, ready.status, ready.text], [204, '', 204, '']);
  assert.equal(same.text, description.text);
  assert.deepEqual(nobody.json, { principal: null, mode: null, grants: null });
  const grants = [{ operations: ['read'], topics: ['a*'], consumer_groups: [] }];
  assert.deepEqual(alice.json, { principal: 'alice', mode: 'basic', grants });
});

test('a trailing slash changes nothing', async () => {
  const topic = await createTopic();

  const answers = [
    await post(`/topics/${topic}/`, 'text', { records: [{ value: 'a' }] }),
    await post(`/topics/${topic}/partitions/0/`, 'text', { records: [{ value: 'b' }] }),
    await call('GET', `/topics/${topic}/partitions/0/records//`, { query: 'offset=0' }),
    await call('GET', `/topics/${topic}/offsets/`),
    await call('GET', '/topics/'),
  ];

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200],
  );
});

for (const accept of ['text/html', 'application/vnd.kafka.binary.v2+json', '*/*;q=0']) {
  test(`a produce response cannot be had as ${accept}, and nothing is written`, async () => {
    const topic = await createTopic();

    const answer = await post(`/topics/${topic}`, 'text', { records: [{ value: 'a' }] }, { headers: { accept } });

    const mediaType = accept.startsWith('application/vnd') ? accept : mediaTypes.generic;
    assertRefused(answer, {
      status: 406,
      code: 406,
      message: /None of the media types in Accept is available. Available: application\/vnd\.kafka\.v2\+json/,
      mediaType,
    });
    assert.deepEqual(await readTopic(topic), []);
  });
}

test('an error has the media type that the client prefers, and the id of its request', async () => {
  const answer = await call('GET', '/nothing', { headers: { accept: 'application/json;q=0.9, text/html' } });

  assertRefused(answer, { status: 404, code: 404, message: /nothing/, mediaType: 'application/json' });
  assert.equal(answer.headers['x-request-id'], 'JKJaXmPLvHcESHA=');
});
