import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { users } from '../../../infra/local/properties.ts';
import type { Cluster } from '../../../lib/kafka/cluster.ts';
import { RecordProducer } from '../../../lib/kafka/produce-records.ts';
import { whole } from '../../../lib/kafka/record.ts';
import { oauthBearerListener } from '../../kafka/oauthbearer-broker.ts';
import { readTopic } from '../../kafka/records.ts';
import { client, startTokenIssuer, type TokenIssuer } from '../../kafka/token-issuer.ts';
import { createTopic } from '../../kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../proxied-kafka.ts';
import { clusterFor } from './cluster-for.ts';

/** So many times a session is renewed under load. */
const RENEWALS = 2;

let issuer: TokenIssuer;
let kafka: ProxiedKafka;

before(async () => {
  issuer = await startTokenIssuer();
  // The gateway renews them when half of their life is left; the sessions are as long as that.
  issuer.lifeS = 6;
  const { jvmFlags, properties } = oauthBearerListener(issuer, 'proxied');
  const listener = 'listener.name.proxied';
  kafka = await startProxiedKafka({
    jvmFlags,
    properties: {
      'listener.security.protocol.map': 'PROXIED:SASL_PLAINTEXT,DIRECT:PLAINTEXT,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
      [`${listener}.plain.sasl.jaas.config`]: `org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="${users.alice}";`,
      [`${listener}.scram-sha-512.sasl.jaas.config`]: 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      [`${listener}.plain.connections.max.reauth.ms`]: '2500',
      [`${listener}.scram-sha-512.connections.max.reauth.ms`]: '2500',
      ...properties,
    },
  });
});
after(async () => {
  await kafka?.stop();
  await issuer?.stop();
});

const user = { KAFKA_SASL_USERNAME: 'alice', KAFKA_SASL_PASSWORD: users.alice };
const cases: Record<string, () => Record<string, string>> = {
  PLAIN: () => user,
  'SCRAM-SHA-512': () => user,
  OAUTHBEARER: () => ({
    KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: issuer.tokenUrl,
    KAFKA_SASL_OAUTHBEARER_CLIENT_ID: client.id,
    KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: client.secret,
  }),
};

for (const [mechanism, variables] of Object.entries(cases)) {
  test(`a session with ${mechanism} is renewed under load, on its connection, and no request fails`, async (t) => {
    const topic = await createTopic({ bootstrapServers: kafka.direct });
    const cluster = clusterFor(t, {
      KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers,
      KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      KAFKA_SASL_MECHANISM: mechanism,
      ...variables(),
    });
    kafka.proxy.startCounting();

    const renewed = () => kafka.proxy.requests().filter((name) => name === 'SaslHandshake').length > RENEWALS;
    const sent = await Promise.all(Array.from({ length: 4 }, () => produceUntil(cluster, topic, renewed)));

    const requests = kafka.proxy.requests();
    assert.equal(kafka.proxy.connections(), 1);
    // One try each: nothing was sent twice.
    assert.ok(requests.filter((name) => name === 'Produce').length <= sent.flat().length);
    assert.equal((await readTopic(topic, kafka.direct)).length, sent.flat().length);
  });
}

/** Produces records one after the other. */
async function produceUntil(cluster: Cluster, topic: string, over: () => boolean): Promise<number[]> {
  const producer = new RecordProducer(cluster);
  const sent: number[] = [];
  for (let i = 0; !over(); i++) {
    const record = { topic, partition: 0, key: null, value: whole(Buffer.from(String(i))), headers: null, timestamp: 0 };
    await producer.produce([record], { acks: -1, compression: 'none', deadline: Date.now() + 10_000 });
    sent.push(i);
  }
  return sent;
}
