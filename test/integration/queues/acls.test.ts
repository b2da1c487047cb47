import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import kafkajs, { type AclOperationTypes, type AclResourceTypes, Kafka, logLevel } from 'kafkajs';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { users } from '../../../infra/local/properties.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { addAcls } from '../../harness/kafka/acls.ts';
import { until } from '../../harness/until.ts';
import { configureQueue, describeQueue, receive, settle } from './queue-requests.ts';

const noGroup = { status: 403, code: 40301, message: /^Kafka does not authorize this on the consumer group/ };
const noTopic = { status: 403, code: 40301, message: /^Kafka does not authorize this on the topic/ };
const as = (user: 'alice' | 'admin') => ({
  headers: { authorization: `Basic ${Buffer.from(`${user}:${users[user]}`).toString('base64')}` },
});

let broker: Broker;

// With each caller's own credentials, Kafka alone says what they may do.
before(async () => {
  broker = await startBroker({ listeners: ['SASL_PLAINTEXT'], acls: true });
  const sasl = { mechanism: 'plain', username: 'admin', password: users.admin } as const;
  const admin = new Kafka({ brokers: [broker.bootstrapServers], sasl, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: [{ topic: 'open' }, { topic: 'closed' }], waitForLeaders: false });
    const { READ } = kafkajs.AclOperationTypes;
    const { TOPIC, GROUP } = kafkajs.AclResourceTypes;
    await addAcls(admin, [grant(TOPIC, 'open', READ), grant(GROUP, 'hers', READ)]);
  } finally {
    await admin.disconnect();
  }
  configure(broker.bootstrapServers, {
    GATEWAY_AUTH: 'passthrough',
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  });
  await until(async () => (await call('GET', '/topics', as('alice'))).text === '["open"]');
});
after(() => broker.stop());

const grant = (resourceType: AclResourceTypes, resourceName: string, operation: AclOperationTypes) => ({
  ...{ resourceType, resourceName, operation, principal: 'User:alice', host: '*' },
  resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
  permissionType: kafkajs.AclPermissionTypes.ALLOW,
});

test('who may read topic and group may receive and settle, and nobody else', async () => {
  assert.equal((await configureQueue('hers', {}, as('admin'))).status, 204);
  const body = JSON.stringify({ records: [{ value: 1 }] });
  const type = { 'content-type': 'application/vnd.kafka.json.v2+json' };
  await call('POST', '/topics/open', { headers: { ...as('admin').headers, ...type }, body });

  const received = await receive('hers', { topics: ['open'], wait: 5000 }, as('alice'));
  assert.equal(received.json.records.length, 1, received.text);
  assertRefused(await settle('hers', 'ack', [received.json.receipt], {}, as('admin')), {
    status: 400,
    code: 400,
    message: /of another queue or caller/,
  });
  assert.equal((await settle('hers', 'ack', [received.json.receipt], {}, as('alice'))).status, 200);

  assertRefused(await receive('hers', { topics: ['closed'] }, as('alice')), noTopic);
  assertRefused(await receive('others', { topics: ['open'] }, as('alice')), noGroup);
  assertRefused(await configureQueue('hers', {}, as('alice')), noGroup);
  assertRefused(await describeQueue('others', as('alice')), noGroup);
});
