import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { createTopic } from '../harness/kafka/topics.ts';
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

  test('serves v3: a topic is created, written to, described and deleted by the links that it gives', async () => {
    const topic = `deployed-${randomUUID()}`;
    const json = { 'content-type': 'application/json' };
    const clusters = JSON.parse((await request('/v3/clusters')).body);
    const topics = clusters.data[0].topics.related;
    const follow = (url: string, options?: RequestOptions) => call(gateway.aws, url, options);

    const created = await follow(topics, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ topic_name: topic, partitions_count: 2 }),
    });
    const self: string = JSON.parse(created.body).metadata?.self;
    const streamed = await follow(`${self}/records`, {
      method: 'POST',
      headers: json,
      body: '{"partition_id":1,"value":{"type":"STRING","data":"größe"}}\n{"value":}',
    });
    const batched = await follow(`${self}/records:batch`, {
      method: 'POST',
      headers: json,
      body: '{"entries":[{"id":"a","partition_id":1,"value":{"type":"BINARY","data":"AAE="}}]}',
    });
    const leader = JSON.parse((await follow(`${self}/partitions/1/`)).body).leader.related;
    const replica = JSON.parse((await follow(leader)).body);
    const deleted = await follow(self, { method: 'DELETE' });
    const gone = await follow(self);

    assert.equal(created.status, 201, created.body);
    assert.equal(created.headers.location, self);
    assert.match(streamed.body, /^\{"error_code":200,.*"offset":0,.*\r\n\{"error_code":400,.*\r\n$/);
    assert.deepEqual([batched.status, JSON.parse(batched.body).successes[0].offset], [207, 1], batched.body);
    assert.deepEqual([replica.topic_name, replica.partition_id, replica.is_leader], [topic, 1, true]);
    assert.deepEqual([deleted.status, deleted.body], [204, '']);
    assert.deepEqual([gone.status, JSON.parse(gone.body).error_code], [404, 40403]);
  });

  test('shows and changes the offsets of consumer groups', async () => {
    const topic = await createTopic();
    const path = `/groups/group-${topic}`;
    const headers = { 'content-type': 'application/json' };

    const committed = await request(`${path}/offsets`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ offsets: [{ topic, offset: 'latest' }] }),
    });
    const offsets = await request(`${path}/offsets?topic=${topic}`);
    const described = await request(path);
    const listed = await request('/groups');
    const emptied = await request(`${path}/offsets/`, { method: 'DELETE' });
    const deleted = await request(path, { method: 'DELETE' });
    const gone = await request(`${path}/`);

    assert.equal(committed.status, 200, committed.body);
    assert.deepEqual(JSON.parse(offsets.body).offsets, [{ topic, partition: 0, offset: 0, metadata: '', end_offset: 0, lag: 0 }]);
    assert.equal(JSON.parse(described.body).state, 'Empty');
    assert.ok(listed.body.includes(`"group_id":"group-${topic}"`), listed.body);
    assert.deepEqual([emptied.status, deleted.status, gone.status], [204, 204, 404]);
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

  test('describes itself, to programs and to people, with its own address', async () => {
    const description = await request('/openapi.json');
    const page = await request('/docs/');

    assert.deepEqual([description.status, page.status], [200, 200]);
    const { paths, servers } = JSON.parse(description.body);
    assert.ok('/topics/{topic}' in paths);
    assert.equal(new URL(servers[0].url).host, new URL(gateway.url).host);
    assert.match(String(page.headers['content-type']), /^text\/html/);
    assert.match(String(page.headers['content-security-policy']), /^default-src 'none'/);
    assert.ok(page.body.includes(`${servers[0].url}/openapi.json`));
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
    ['GET', '/groups'],
    ['GET', '/groups/any'],
    ['DELETE', '/groups/any'],
    ['GET', '/groups/any/offsets'],
    ['PUT', '/groups/any/offsets'],
    ['DELETE', '/groups/any/offsets'],
    ['GET', '/nothing/here'],
    ['GET', '/openapi.json'],
    ['GET', '/docs'],
    ['GET', '/v3/clusters'],
    ['POST', '/v3/clusters/any/topics'],
    ['DELETE', '/v3/clusters/any/topics/any'],
    ['POST', '/v3/clusters/any/topics/any/records'],
    ['POST', '/v3/clusters/any/topics/any/records:batch'],
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
