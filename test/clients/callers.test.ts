import assert from 'node:assert/strict';
import { test } from 'node:test';
import KafkaRest from 'kafka-rest';
import { add } from '../../infra/users/accounts.ts';
import { readUsers, writeUsers } from '../../lib/authorizer/users.ts';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { ask, refusal } from './ask.ts';
import { serve } from './gateway.ts';
import { runPython } from './python.ts';

test('clients say who they are in their own ways, and are told what they may not do', async (t) => {
  const [granted, other] = await Promise.all([createTopic(), createTopic()]);
  const alice = await add(readUsers({}), 'users', 'alice', []);
  const { users, secret: key } = await add(alice.users, 'keys', 'sensor-1', []);
  const { url, stop } = await serve({
    GATEWAY_AUTH: 'basic,api-key',
    GATEWAY_USERS: JSON.stringify(writeUsers(users)),
    GATEWAY_GRANTS: JSON.stringify([{ principal: '*', operations: ['produce'], topics: [granted] }]),
  });
  t.after(stop);
  const withName = url.replace('//', `//alice:${encodeURIComponent(alice.secret)}@`);

  const byName = new KafkaRest({ url: withName }).topic(granted);
  const toOther = new KafkaRest({ url: withName }).topic(other);
  const byKey = new KafkaRest({ url, headers: { 'x-api-key': key } }).topic(granted);
  const byNobody = new KafkaRest({ url, headers: { 'x-api-key': 'wrong' } }).topic(granted);
  const fromNode = [
    (await ask(byName, byName.produce, ['by name'])).offsets[0].error_code,
    (await ask(byKey, byKey.produce, ['by key'])).offsets[0].error_code,
    await ask(toOther, toOther.produce, ['none']).catch(refusal),
    await ask(byNobody, byNobody.produce, ['none']).catch((error) => error.status),
  ];
  const fromPython = await runPython(
    { url, granted, other, key },
    `
    from requests import HTTPError
    from kafka_rest import Producer
    Producer(kafka_rest_api_url=url, topic_id=granted, auth_headers={'x-api-key': key}).produce(['by key'], 'pke')
    try:
        Producer(kafka_rest_api_url=url, topic_id=other, auth_headers={'x-api-key': key}).produce(['none'], 'pke')
    except HTTPError as error:
        answer = [error.response.status_code, error.response.json()['error_code']]
    `,
  );
  const records = await Promise.all([readTopic(granted), readTopic(other)]);

  assert.deepEqual(fromNode, [null, null, ['APIError', 403, 40301], 403]);
  assert.deepEqual(fromPython, [403, 40301]);
  assert.deepEqual(
    records.map(({ length }) => length),
    [3, 0],
  );
});
