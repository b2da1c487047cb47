import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { clusterSettings, kafkaCluster } from '../../../lib/clusters/kafka-cluster.ts';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import { type KafkaConfig, kafkaConfig } from '../../../lib/config/kafka.ts';
import { metadataAnswer } from '../../harness/fake-broker/broker-side.ts';
import { startBroker } from '../../harness/fake-broker/fake-broker.ts';

const settings: KafkaConfig = {
  bootstrapServers: ['kafka.example:9092'],
  tls: false,
  ca: null,
  sasl: null,
  certificate: null,
  secret: null,
  passthrough: null,
  clientId: 'gateway',
  maxIdleMs: 1000,
  metadataMaxAgeMs: 2000,
  maxClients: 50,
};

test('a cluster without TLS and SASL', () => {
  assert.deepEqual(clusterSettings(settings), {
    bootstrapServers: ['kafka.example:9092'],
    clientId: 'gateway',
    ssl: null,
    credentials: null,
    maxIdleMs: 1000,
    metadataMaxAgeMs: 2000,
  });
});

test("TLS verifies by the public certificates, or by a private CA's", () => {
  assert.deepEqual(clusterSettings({ ...settings, tls: true }).ssl, {});
  assert.deepEqual(clusterSettings({ ...settings, tls: true, ca: 'PEM' }).ssl, { ca: 'PEM' });
  assert.equal(clusterSettings({ ...settings, ca: 'PEM' }).ssl, null);
});

test('a configured user is what Kafka gets, and there is no other to renew it with', async () => {
  const user = { username: 'gateway', password: 'p4ssword' };
  const { credentials } = clusterSettings({ ...settings, sasl: { mechanism: 'PLAIN', user } });
  const current = (await credentials?.current()) ?? assert.fail();

  assert.deepEqual(current, { sasl: { mechanism: 'plain', ...user }, certificate: null });
  assert.equal(await credentials?.renew(current), false);
});

test('a secret is not asked for before a connection wants it', () => {
  const { credentials } = clusterSettings({
    ...settings,
    sasl: { mechanism: 'PLAIN', user: null },
    secret: { id: 'x', region: 'eu-west-1' },
  });

  assert.ok(credentials !== null);
});

/** Configures this process, which reads its configuration once. */
async function configured(t: TestContext) {
  const broker = await startBroker(t, () => metadataAnswer({}));
  process.env.KAFKA_BOOTSTRAP_SERVERS = broker.address;
  t.after(() => {
    delete process.env.KAFKA_BOOTSTRAP_SERVERS;
    closeClusters();
  });
  return broker;
}

const anyone = { headers: {}, principal: null, deadline: Number.POSITIVE_INFINITY, onEnd: () => assert.fail('nothing to end') };

test('the cluster of the gateway is one, made by the configuration of the process', async (t) => {
  assert.throws(kafkaConfig, { name: 'InternalError' });
  await assert.rejects(() => kafkaCluster(anyone), { name: 'InternalError' });
  const broker = await configured(t);

  const cluster = await kafkaCluster(anyone);
  await cluster.metadata([]);

  assert.equal(await kafkaCluster(anyone), cluster);
  assert.equal(kafkaConfig(), kafkaConfig());
  assert.equal(broker.requests[0].clientId, 'kafka-http-gateway');
});
