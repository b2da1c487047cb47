import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';
import { writeCaller } from '../../../lib/access/caller.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { fetchPage, post, produceText } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

const mine = await createTopic();
const readable = await createTopic();
const foreign = await createTopic();
const missing = `missing-${randomUUID()}`;
const CREATED = `created-${randomUUID()}`;

configure(sharedKafka('PLAINTEXT'), {
  GATEWAY_AUTH: 'iam',
  GATEWAY_PRINCIPAL_HEADER: 'kafka-principal',
  GATEWAY_GRANTS: JSON.stringify([
    { principal: 'arn:aws:iam::123456789012:user/alice', operations: ['produce'], topics: [mine] },
    { principal: 'arn:aws:iam::123456789012:user/alice', operations: ['create'], topics: [`${CREATED}*`] },
    { principal: 'arn:aws:iam::123456789012:user/*', operations: ['read'], topics: [readable, mine] },
    { group: '*', operations: ['*'], topics: ['*'] },
  ]),
});

const user = (name: string) => ({ authorizer: { iam: { userArn: `arn:aws:iam::123456789012:user/${name}` } } });
const alice = user('alice');
const forbidden = (operation: string, topic: string) => ({
  error_code: 40301,
  message: `You have no grant to ${operation} on the topic "${topic}": ask the operator of the gateway`,
});

suite('a caller with grants', () => {
  test('does what they say', async () => {
    const { offset } = await produceText(mine, 'value', alice);
    const fetched = await fetchPage(mine, 'text', { offset: String(offset) }, user('bob'));
    const created = await call('POST', '/admin/topics', {
      ...alice,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topic_name: `${CREATED}-1` }),
    });

    assert.equal(fetched.json[0].value, 'value');
    assert.equal(created.status, 201, created.text);
  });

  test('sees the topics that it may describe, and no others', async () => {
    const { json } = await call('GET', '/topics', alice);

    assert.deepEqual(json, [mine, readable].sort());
  });

  test('is refused alike, whether there is the topic or not', async () => {
    for (const path of ['', '/partitions', '/partitions/0', '/partitions/99', '/offsets', '/partitions/0/offsets']) {
      for (const topic of [foreign, missing]) {
        const { status, json } = await call('GET', `/topics/${topic}${path}`, alice);
        assert.deepEqual([status, json], [403, forbidden('describe', topic)]);
      }
    }
  });

  test('is not helped by how the topic is written in the path', async () => {
    for (const path of [`/topics/%${foreign.charCodeAt(0).toString(16)}${foreign.slice(1)}`, `/topics/${foreign}/`]) {
      const { status } = await call('GET', path, alice);
      assert.equal(status, 403);
    }
  });
});

suite('a caller whom no grant is for', () => {
  const nobody = { authorizer: { iam: { userArn: 'arn:aws:iam::123456789012:role/other' } } };

  test('sees no topics', async () => {
    const { status, json } = await call('GET', '/topics', nobody);

    assert.deepEqual([status, json], [200, []]);
  });

  test('may do nothing', async () => {
    const { status, json } = await post(`/topics/${mine}`, 'text', { records: [{ value: 'x' }] }, nobody);

    assert.deepEqual([status, json], [403, forbidden('produce', mine)]);
  });
});

suite('records for several topics', () => {
  const recordsFor = (...topics: string[]) => ({ records: topics.map((topic) => ({ topic, value: topic })) });

  test('are written where the caller may, and refused one by one elsewhere', async () => {
    const { status, json } = await post('/records', 'text', recordsFor(foreign, mine, missing, mine), alice);

    const told = json.offsets.map(({ topic, partition, error_code, error }) => [topic, partition, error_code, error]);
    assert.equal(status, 200);
    assert.deepEqual(told, [
      [foreign, null, 40301, forbidden('produce', foreign).message],
      [mine, 0, null, null],
      [missing, null, 40301, forbidden('produce', missing).message],
      [mine, 0, null, null],
    ]);
    assert.equal(Number(json.offsets[3].offset), Number(json.offsets[1].offset) + 1);
  });

  test('are refused as a whole when the caller may write none of them', async () => {
    const { status, json } = await post('/records', 'text', recordsFor(foreign, readable), alice);

    assert.deepEqual([status, json], [403, forbidden('produce', foreign)]);
  });

  test('are refused when the one of a raw body is', async () => {
    const { status, json } = await call('POST', '/records', { ...alice, headers: { 'kafka-topic': foreign }, body: 'value' });

    assert.deepEqual([status, json], [403, forbidden('produce', foreign)]);
  });
});

suite('the header that says who has written a record', () => {
  const principal = Buffer.from('arn:aws:iam::123456789012:user/alice').toString('base64');
  const headersAt = async (offset: number | null) => (await fetchPage(mine, 'text', { offset: Number(offset) }, alice)).json[0].headers;
  const forgery = ['kafka-principal', 'Kafka-Principal'].map((key) => ({ key, value: Buffer.from('bob').toString('base64') }));

  test('is added to the others', async () => {
    const { json } = await post(`/topics/${mine}`, 'text', { records: [{ value: '', headers: [{ key: 'a', value: 'Yg==' }] }] }, alice);

    assert.deepEqual(await headersAt(json.offsets[0].offset), [
      { key: 'a', value: 'Yg==' },
      { key: 'kafka-principal', value: principal },
    ]);
  });

  test('cannot be forged in a body of records', async () => {
    const { json } = await post(`/topics/${mine}`, 'text', { records: [{ value: '', headers: forgery }] }, alice);

    assert.deepEqual(await headersAt(json.offsets[0].offset), [{ key: 'kafka-principal', value: principal }]);
  });

  test('cannot be forged beside a raw body', async () => {
    const { json } = await call<{ offsets: { offset: number }[] }>('POST', `/topics/${mine}`, {
      ...alice,
      headers: { 'kafka-header-kafka-principal': 'bob' },
      body: 'value',
    });

    assert.deepEqual(await headersAt(json.offsets[0].offset), [{ key: 'kafka-principal', value: principal }]);
  });
});

test('what the authorizer says was granted takes the place of what is configured here', async () => {
  const grants = [{ operations: ['read'], topics: [foreign] }] as const;
  const authorizer = { lambda: writeCaller({ principal: 'arn:aws:iam::123456789012:user/alice', grants, expiresAt: null }) };

  const granted = await call('GET', `/topics/${foreign}`, { authorizer });
  const notGranted = await call('GET', `/topics/${mine}`, { authorizer });

  assert.deepEqual([granted.status, notGranted.status], [200, 403]);
});
