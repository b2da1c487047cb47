import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { certificates } from '../../../infra/local/certificates.ts';
import { users } from '../../../infra/local/properties.ts';
import { clusterSettings } from '../../../lib/clusters/kafka-cluster.ts';
import { readKafka } from '../../../lib/config/kafka.ts';
import { Cluster } from '../../../lib/kafka/cluster/cluster.ts';
import { fetchRecords } from '../../../lib/kafka/fetch/fetch-records.ts';
import { allVisible } from '../../../lib/kafka/fetch/visible-records.ts';
import { RecordProducer } from '../../../lib/kafka/produce/produce-records.ts';
import { whole } from '../../../lib/kafka/record.ts';
import { sharedKafka, sharedKafkaCaFile } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

type Protocol = NonNullable<Parameters<typeof sharedKafka>[0]>;

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];
const alice = { KAFKA_SASL_USERNAME: 'alice', KAFKA_SASL_PASSWORD: users.alice };
const ca = await readFile(sharedKafkaCaFile(), 'utf8');
const { foreignCa } = await certificates();

/** A cluster with the settings that these variables stand for; closed when the test ends. */
function clusterFor(t: TestContext, protocol: Protocol, environment: Record<string, string> = {}): Cluster {
  const variables = { KAFKA_BOOTSTRAP_SERVERS: sharedKafka(protocol), KAFKA_SECURITY_PROTOCOL: protocol, KAFKA_SSL_CA: ca, ...environment };
  const cluster = new Cluster(clusterSettings(readKafka(variables)));
  t.after(() => cluster.close());
  return cluster;
}

/** Writes a record and reads it back, by the path that every request takes. */
async function roundTrip(cluster: Cluster, topic: string): Promise<string | undefined> {
  const deadline = Date.now() + 20_000;
  const record = {
    topic,
    partition: null,
    key: null,
    value: whole(Buffer.from('x'.repeat(100_000))),
    headers: null,
    timestamp: Date.now(),
  };
  await new RecordProducer(cluster).produce([record], { acks: -1, compression: null, deadline });
  const position = { offset: 0 };
  const limits = { maxBytes: 1_000_000, minBytes: 1, waitMs: 0, maxRecords: 10 };
  const { records } = await fetchRecords(cluster, topic, 0, {
    position,
    isolation: 'read_committed',
    visible: allVisible,
    deadline,
    ...limits,
  });
  const [{ value }] = records;
  return value?.bytes.toString('utf8', value.start, value.end);
}

for (const protocol of ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const) {
  for (const mechanism of protocol.startsWith('SASL') ? mechanisms : ['']) {
    test(`records go in and out over ${protocol} ${mechanism}`, async (t) => {
      const topic = await createTopic();
      const cluster = clusterFor(t, protocol, mechanism ? { ...alice, KAFKA_SASL_MECHANISM: mechanism } : {});

      const read = await roundTrip(cluster, topic);

      assert.equal(read, 'x'.repeat(100_000));
    });
  }
}

const credentials = {
  name: 'KafkaAuthentication',
  message: "Kafka refuses the gateway's credentials: ask the operator of the gateway",
};
const handshake = {
  name: 'KafkaAuthentication',
  message: 'The gateway and Kafka do not agree on TLS: ask the operator of the gateway',
};

for (const mechanism of mechanisms) {
  for (const protocol of ['SASL_PLAINTEXT', 'SASL_SSL'] as const) {
    test(`a wrong password is refused over ${protocol} ${mechanism}`, async (t) => {
      const cluster = clusterFor(t, protocol, { ...alice, KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_PASSWORD: 'wrong' });

      await assert.rejects(cluster.metadata([]), credentials);
    });
  }

  test(`an unknown user is refused with ${mechanism}`, async (t) => {
    const cluster = clusterFor(t, 'SASL_PLAINTEXT', { ...alice, KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: 'nobody' });

    await assert.rejects(cluster.metadata([]), credentials);
  });
}

for (const [what, authority] of [
  ['a foreign authority', foreignCa],
  ['the public authorities', ''],
] as const) {
  test(`a broker is not trusted by ${what}`, async (t) => {
    const cluster = clusterFor(t, 'SSL', { KAFKA_SSL_CA: authority });

    await assert.rejects(cluster.metadata([]), handshake);
  });
}

test('a certificate for another name is not trusted', async (t) => {
  const [, port] = sharedKafka('SSL').split(':');
  // Resolves to 127.0.0.1, which the certificate has; this spelling it has not.
  const cluster = clusterFor(t, 'SSL', { KAFKA_BOOTSTRAP_SERVERS: `127.1:${port}` });

  await assert.rejects(cluster.metadata([]), handshake);
});

test('SASL on a listener without it is refused', async (t) => {
  const cluster = clusterFor(t, 'SASL_PLAINTEXT', {
    ...alice,
    KAFKA_SASL_MECHANISM: 'PLAIN',
    KAFKA_BOOTSTRAP_SERVERS: sharedKafka('PLAINTEXT'),
  });

  await assert.rejects(cluster.metadata([]), credentials);
});
