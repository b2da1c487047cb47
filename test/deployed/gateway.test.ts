import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { createTopic } from '../kafka/topics.ts';
import { type DeployedGateway, startDeployedGateway } from './deployed-gateway.ts';
import { userWho } from './iam-user.ts';
import { call, type RequestOptions } from './request.ts';

const RECORDS = 'application/vnd.kafka.json.v2+json';

let gateway: DeployedGateway;

before(async () => {
  gateway = await startDeployedGateway();
});
after(async () => {
  await gateway?.stop();
});

const request = (path: string, options?: RequestOptions) => call(gateway.aws, gateway.url + path, options);

suite('a deployed gateway, called with AWS credentials', () => {
  test('creates a topic, produces, lists offsets, fetches and describes', async () => {
    const topic = `deployed-${randomUUID()}`;

    const created = await request('/admin/topics', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topic_name: topic, partitions_count: 2 }),
    });
    const produced = await request(`/topics/${topic}/partitions/1`, {
      method: 'POST',
      headers: { 'content-type': RECORDS },
      body: '{"records": [{"key": "größe", "value": {"n": 1.50}}, {"value": null}]}',
    });
    const offsets = await request(`/topics/${topic}/partitions/1/offsets`);
    const fetched = await request(`/topics/${topic}/partitions/1/records?offset=earliest`, { headers: { accept: RECORDS } });
    const described = await request(`/topics/${topic}/partitions`);

    assert.equal(created.status, 201, created.body);
    assert.equal(produced.status, 200, produced.body);
    assert.deepEqual(JSON.parse(offsets.body), { beginning_offset: 0, end_offset: 2 });
    assert.match(fetched.body, /"key":"größe","value":\{"n":1\.50\}/);
    assert.equal(fetched.headers['kafka-next-offset'], '2');
    assert.equal(JSON.parse(described.body).length, 2, described.body);
  });

  test('takes records for several topics in one request', async () => {
    const topics = [await createTopic(), await createTopic()];

    const produced = await request('/records', {
      method: 'POST',
      headers: { 'content-type': RECORDS },
      body: JSON.stringify({ records: topics.map((topic) => ({ topic, value: topic })) }),
    });

    assert.equal(produced.status, 200, produced.body);
  });

  test('ignores a slash at the end of a path', async () => {
    const topic = await createTopic();

    const described = await request(`/topics/${topic}/`);
    const produced = await request(`/topics/${topic}/partitions/0/`, { method: 'POST', body: 'value' });

    assert.equal(described.status, 200, described.body);
    assert.equal(produced.status, 200, produced.body);
  });

  test('answers in its own shape when there is no such route or method', async () => {
    const nowhere = await request('/nothing/here');
    const wrongMethod = await request('/topics', { method: 'DELETE' });

    assert.deepEqual([nowhere.status, JSON.parse(nowhere.body).error_code], [404, 404]);
    assert.deepEqual([wrongMethod.status, JSON.parse(wrongMethod.body).error_code, wrongMethod.headers.allow], [405, 405, 'GET']);
  });
});

suite('a deployed gateway refuses with 403', () => {
  const routes: [method: string, path: string][] = [
    ['POST', '/topics/any'],
    ['POST', '/topics/any/partitions/0'],
    ['POST', '/records'],
    ['POST', '/admin/topics'],
    ['GET', '/topics/any/offsets'],
    ['GET', '/topics/any/partitions/0/offsets'],
    ['GET', '/topics/any/partitions/0/records?offset=0'],
    ['GET', '/topics'],
    ['GET', '/topics/'],
    ['GET', '/nothing/here'],
  ];
  for (const [method, path] of routes) {
    test(`an unsigned ${method} ${path}`, async () => {
      const { status, body } = await request(path, { method, credentials: null, ...(method === 'POST' && { body: 'value' }) });

      assert.equal(status, 403, body);
    });
  }

  test('what the caller’s own IAM policy does not allow', async () => {
    const topic = await createTopic();
    const credentials = await userWho(gateway.aws, 'execute-api:Invoke', 'arn:aws:execute-api:*:*:*/*/GET/*');

    const read = await request(`/topics/${topic}`, { credentials });
    const written = await request(`/topics/${topic}`, { credentials, method: 'POST', body: 'value' });

    assert.equal(read.status, 200, read.body);
    assert.equal(written.status, 403, written.body);
  });
});
