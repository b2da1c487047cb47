import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { users } from '../../../../infra/local/properties.ts';
import type { Cluster } from '../../../../lib/kafka/cluster/cluster.ts';
import { RecordProducer } from '../../../../lib/kafka/produce/produce-records.ts';
import { whole } from '../../../../lib/kafka/record.ts';
import { oauthBearerListener } from '../../../harness/kafka/oauthbearer-broker.ts';
import { readTopic } from '../../../harness/kafka/records.ts';
import { client, startTokenIssuer, type TokenIssuer } from '../../../harness/kafka/token-issuer.ts';
import { createTopic } from '../../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../../harness/proxy/proxied-kafka.ts';
import { clusterFor } from './cluster-for.ts';

/** So many times a session is renewed under load. */
const RENEWALS = 2;
/** A quarter of it is left when the gateway renews a session: time enough on a machine that stands still for a second. */
const SESSION_MS = 6000;
/** Between the requests of a producer, which is not to use up the machine. */
const PAUSE_MS = 5;

let issuer: TokenIssuer;
let kafka: ProxiedKafka;

before(async () => {
  issuer = await startTokenIssuer();
  // Sessions are as long as what is left of the tokens, of which a second may be missing.
  issuer.lifeS = SESSION_MS / 1000 + 2;
  const { jvmFlags, properties } = oauthBearerListener(issuer, 'proxied');
  const listener = 'listener.name.proxied';
  kafka = await startProxiedKafka({
    jvmFlags,
    properties: {
      'listener.security.protocol.map': 'PROXIED:SASL_PLAINTEXT,DIRECT:PLAINTEXT,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
      [`${listener}.plain.sasl.jaas.config`]: `org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="${users.alice}";`,
      [`${listener}.scram-sha-512.sasl.jaas.config`]: 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      [`${listener}.plain.connections.max.reauth.ms`]: String(SESSION_MS),
      [`${listener}.scram-sha-512.connections.max.reauth.ms`]: String(SESSION_MS),
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

    const count = (name: string) => kafka.proxy.requests().filter((request) => request === name).length;
    // Every connection begins with a handshake; the others renew a session.
    const renewed = () => count('SaslHandshake') - kafka.proxy.connections() >= RENEWALS;
    const sent = await Promise.all(['a', 'b', 'c', 'd'].map((producer) => produceUntil(cluster, topic, producer, renewed)));

    const log = (await readTopic(topic, kafka.direct)).map(({ value }) => String(value));
    for (const values of sent) {
      const [producer] = values[0];
      assert.deepEqual(
        log.filter((value) => value.startsWith(producer)),
        values,
      );
    }
    assert.equal(log.length, sent.flat().length);
  });
}

/** Produces records one after the other. */
async function produceUntil(cluster: Cluster, topic: string, name: string, over: () => boolean): Promise<string[]> {
  const producer = new RecordProducer(cluster);
  const sent: string[] = [];
  for (let i = 0; i === 0 || !over(); i++) {
    const value = `${name}${i}`;
    const record = { topic, partition: 0, key: null, value: whole(Buffer.from(value)), headers: null, timestamp: Date.now() };
    const [result] = await producer.produce([record], { acks: -1, compression: null, deadline: Date.now() + 20_000 });
    if ('error' in result) throw result.error;
    sent.push(value);
    await delay(PAUSE_MS);
  }
  return sent;
}
