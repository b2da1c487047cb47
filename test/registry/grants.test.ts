import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { call, configure } from '../harness/http/gateway.ts';
import { linesOf, stream } from '../harness/http/v3.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { startFront } from './front.ts';

const caller = 'arn:aws:iam::123456789012:user/sensor';
const authorizer = { iam: { userArn: caller } };
const granted = await createTopic();
const front = await startFront();
configure(sharedKafka(), {
  SCHEMA_REGISTRY_URL: front.url,
  GATEWAY_GRANTS: JSON.stringify([{ principal: caller, operations: ['produce'], topics: [granted] }]),
});

const post = (path: string, body: object) =>
  call<{ offsets: { error_code: number | null }[]; error_code: number }>('POST', path, {
    authorizer,
    headers: { 'content-type': 'application/vnd.kafka.avro.v2+json' },
    body: JSON.stringify(body),
  });
const schema = () => ({ type: 'record', name: `R${randomUUID().replaceAll('-', '')}`, fields: [] });

test('nothing is registered for topics that the caller may not write', async () => {
  const other = await createTopic();

  const { status, json } = await post('/records', {
    value_schema: schema(),
    records: [
      { topic: granted, value: {} },
      { topic: other, value: {} },
    ],
  });

  assert.equal(status, 200);
  assert.deepEqual(
    json.offsets.map(({ error_code }) => error_code),
    [null, 40301],
  );
  assert.deepEqual(
    front.requests.filter((line) => line.includes(other)),
    [],
  );
});

test('who has grants registers under the names of topics only', async () => {
  const before = front.requests.length;
  const subject = `else-${randomUUID()}`;

  const refused = await post(`/topics/${granted}`, { value_schema: schema(), value_subject: subject, records: [{ value: {} }] });

  assert.deepEqual([refused.status, refused.json.error_code], [408, 40801]);
  assert.deepEqual(front.requests.slice(before), [`POST /subjects/${subject}`]);
});

test('in v3, too', async () => {
  const key = { type: 'AVRO', schema: JSON.stringify(schema()), data: {} };
  const subject = `else-${randomUUID()}`;
  const before = front.requests.length;

  const answer = await stream(granted, [{ key: { ...key, subject } }, { key }], { authorizer });

  assert.deepEqual(
    linesOf(answer).map(({ error_code }) => error_code),
    [422, 200],
  );
  assert.ok(!front.requests.slice(before).includes(`POST /subjects/${subject}/versions`));
});
