import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { createTopic } from '../kafka/topics.ts';
import { type DeployedGateway, startDeployedGateway } from './deployed-gateway.ts';
import { type Credentials, call, type RequestOptions } from './request.ts';

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
  ];
  for (const [method, path] of routes) {
    test(`an unsigned ${method} ${path}`, async () => {
      const { status, body } = await request(path, { method, credentials: null, ...(method === 'POST' && { body: 'value' }) });

      assert.equal(status, 403, body);
    });
  }

  test('what the caller’s own IAM policy does not allow', async () => {
    const topic = await createTopic();
    const credentials = await userWho('execute-api:Invoke', 'arn:aws:execute-api:*:*:*/*/GET/*');

    const read = await request(`/topics/${topic}`, { credentials });
    const written = await request(`/topics/${topic}`, { credentials, method: 'POST', body: 'value' });

    assert.equal(read.status, 200, read.body);
    assert.equal(written.status, 403, written.body);
  });
});

/** Credentials of a new user who may do this and nothing else. */
async function userWho(Action: string, Resource: string): Promise<Credentials> {
  const iam = new IAMClient(gateway.aws);
  const UserName = randomUUID();
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'only', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}
