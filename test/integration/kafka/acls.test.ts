import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Broker } from '../../../infra/local/broker.ts';
import { users } from '../../../infra/local/properties.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { post } from '../../harness/http/requests.ts';
import { startBrokerWithAcls } from '../../harness/kafka/acls.ts';
import { authorize, testAuthorization, untilAuthorized } from './authorization.ts';

let broker: Broker;

before(async () => {
  broker = await startBrokerWithAcls(async (admin) => {
    await authorize(admin, 'User:alice');
  });
  configure(broker.bootstrapServers, {
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    KAFKA_SASL_USERNAME: 'alice',
    KAFKA_SASL_PASSWORD: users.alice,
  });
  await untilAuthorized();
});
after(() => broker.stop());

testAuthorization('a user');

test('a topic that may be written to takes its records, next to one that may not', async () => {
  const records = [
    { topic: 'read', value: 'a' },
    { topic: 'written', value: 'b' },
    { topic: 'hidden', value: 'c' },
  ];

  const answer = await post('/records', 'text', { records });

  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(
    answer.json.offsets.map(({ error_code }) => error_code),
    [40301, null, 40301],
  );
});

test('a topic whose settings may not be seen is shown without them', async () => {
  const answer = await call<{ name: string; configs: object }>('GET', '/topics/described');

  assert.deepEqual([answer.status, answer.json.name, answer.json.configs], [200, 'described', {}]);
});

test('to create a topic takes a grant of its own', async () => {
  const answer = await call('POST', '/admin/topics', { headers: { 'content-type': 'application/json' }, body: '{"topic_name":"new"}' });

  assertRefused(answer, { status: 403, code: 40301, message: /^Kafka does not authorize this on the (topic|cluster)[.:]/ });
});
