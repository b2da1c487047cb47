import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Broker } from '../../../infra/local/broker.ts';
import { users } from '../../../infra/local/properties.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused, forbiddenGroup, forbiddenTopic } from '../../harness/http/refusal.ts';
import { addAcls, allow, startBrokerWithAcls } from '../../harness/kafka/acls.ts';
import { until } from '../../harness/until.ts';
import { configureQueue, describeQueue, LONG_MS, receive, settle } from './queue-requests.ts';

const as = (user: 'alice' | 'admin') => ({
  headers: { authorization: `Basic ${Buffer.from(`${user}:${users[user]}`).toString('base64')}` },
});

let broker: Broker;

// With each caller's own credentials, Kafka alone says what they may do.
before(async () => {
  broker = await startBrokerWithAcls(async (admin) => {
    await admin.createTopics({ topics: [{ topic: 'open' }, { topic: 'closed' }], waitForLeaders: false });
    await addAcls(admin, [allow('TOPIC', 'open', 'READ'), allow('GROUP', 'hers', 'READ')]);
  });
  configure(broker.bootstrapServers, {
    GATEWAY_AUTH: 'passthrough',
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  });
  await until(async () => (await call('GET', '/topics', as('alice'))).text === '["open"]');
});
after(() => broker.stop());

test('who may read topic and group may receive and settle, and nobody else', async () => {
  assert.equal((await configureQueue('hers', {}, as('admin'))).status, 204);
  const body = JSON.stringify({ records: [{ value: 1 }] });
  const type = { 'content-type': 'application/vnd.kafka.json.v2+json' };
  await call('POST', '/topics/open', { headers: { ...as('admin').headers, ...type }, body });

  const received = await receive('hers', { topics: ['open'], wait: LONG_MS }, as('alice'));
  assert.equal(received.json.records.length, 1, received.text);
  assertRefused(await settle('hers', 'ack', [received.json.receipt], {}, as('admin')), {
    status: 400,
    code: 400,
    message: /of another queue or caller/,
  });
  assert.equal((await settle('hers', 'ack', [received.json.receipt], {}, as('alice'))).status, 200);

  assertRefused(await receive('hers', { topics: ['closed'] }, as('alice')), forbiddenTopic);
  assertRefused(await receive('others', { topics: ['open'] }, as('alice')), forbiddenGroup);
  assertRefused(await configureQueue('hers', {}, as('alice')), forbiddenGroup);
  assertRefused(await describeQueue('others', as('alice')), forbiddenGroup);
});
