import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import kafkajs, { type KafkaConfig, type SASLOptions } from 'kafkajs';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { type Certificates, certificates } from '../../../infra/local/certificates.ts';
import { type ListenerName, users } from '../../../infra/local/properties.ts';
import { until } from '../../harness/until.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } = kafkajs;

let broker: Broker;
let authorities: Certificates;

before(async () => {
  broker = await startBroker({ listeners: ['PLAINTEXT', 'SASL_PLAINTEXT', 'SSL', 'SASL_SSL'], acls: true });
  authorities = await certificates();
});

after(() => broker.stop());

const credentials = { username: 'alice', password: users.alice };
const mechanisms: SASLOptions[] = [
  { mechanism: 'plain', ...credentials },
  { mechanism: 'scram-sha-256', ...credentials },
  { mechanism: 'scram-sha-512', ...credentials },
];

for (const sasl of mechanisms) {
  test(`${sasl.mechanism} lets alice in, with TLS and without`, async () => {
    await connect('SASL_PLAINTEXT', { sasl });
    await connect('SASL_SSL', { sasl, ssl: { ca: authorities.ca } });
  });
}

test('a wrong password is refused by every mechanism', async () => {
  const wrong = { username: 'alice', password: users.admin };

  for (const sasl of [{ mechanism: 'plain', ...wrong } as const, { mechanism: 'scram-sha-512', ...wrong } as const]) {
    await assert.rejects(connect('SASL_PLAINTEXT', { sasl }), { name: 'KafkaJSSASLAuthenticationError' });
  }
});

test('TLS is trusted by those who trust its authority, and by no others', async () => {
  const listener = broker.address('SSL');

  await connect('SSL', { ssl: { ca: authorities.ca } });
  await connect('SSL', { brokers: [listener.replace('127.0.0.1', 'localhost')], ssl: { ca: authorities.ca } });
  await assert.rejects(connect('SSL', { ssl: { ca: authorities.foreignCa } }), /self-signed certificate|signature failure/);
});

test('with ACLs, alice may do to a topic what an ACL allows', async () => {
  const admin = client('SASL_PLAINTEXT', { sasl: { mechanism: 'plain', username: 'admin', password: users.admin } }).admin();
  const alice = client('SASL_PLAINTEXT', { sasl: mechanisms[0] }).producer();
  const send = () => alice.send({ topic: 'guarded', messages: [{ value: 'x' }] });
  await Promise.all([admin.connect(), alice.connect()]);
  await admin.createTopics({ topics: [{ topic: 'guarded' }] });

  await assert.rejects(send, /not authorized/i);
  await admin.createAcls({
    acl: [
      {
        resourceType: AclResourceTypes.TOPIC,
        resourceName: 'guarded',
        resourcePatternType: ResourcePatternTypes.LITERAL,
        principal: 'User:alice',
        host: '*',
        operation: AclOperationTypes.WRITE,
        permissionType: AclPermissionTypes.ALLOW,
      },
    ],
  });
  await until(async () => (await Promise.allSettled([send()]))[0].status === 'fulfilled');

  await Promise.all([admin.disconnect(), alice.disconnect()]);
});

function client(listener: ListenerName, config: Partial<KafkaConfig>) {
  return new Kafka({ brokers: [broker.address(listener)], retry: { retries: 0 }, logLevel: logLevel.NOTHING, ...config });
}

async function connect(listener: ListenerName, config: Partial<KafkaConfig>): Promise<void> {
  const admin = client(listener, config).admin();
  await admin.connect();
  await admin.disconnect();
}
