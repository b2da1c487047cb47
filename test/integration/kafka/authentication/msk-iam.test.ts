import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import type { Broker } from '../../../../infra/local/broker.ts';
import { certificates } from '../../../../infra/local/certificates.ts';
import { startSts } from '../../../harness/aws/sts.ts';
import { startMskIamBroker } from '../../../harness/kafka/msk-iam-broker.ts';
import { ask, assertRefused, clusterFor } from './cluster-for.ts';

const REGION = 'eu-west-1';
/** What only the broker and the tests know. */
const keys = { AWS_ACCESS_KEY_ID: 'ASIAKAFKAGATEWAY', AWS_SECRET_ACCESS_KEY: 'known/to+both', AWS_SESSION_TOKEN: 'session/token+of==role' };
const ROLE = 'arn:aws:iam::123456789012:role/kafka';

const { ca } = await certificates();
let broker: Broker;

before(async () => {
  broker = await startMskIamBroker(REGION, keys);
});
after(() => broker?.stop());

/** A gateway with these AWS keys in its environment, as Lambda sets them. */
function gatewayWith(t: TestContext, environment: Record<string, string>, more: Record<string, string> = {}) {
  t.mock.property(process, 'env', { ...process.env, ...environment });
  return clusterFor(t, {
    KAFKA_BOOTSTRAP_SERVERS: broker.bootstrapServers,
    KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
    KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM',
    KAFKA_SSL_CA: ca,
    KAFKA_MSK_REGION: REGION,
    ...more,
  });
}

test("the function's role is let in", async (t) => {
  const { brokers } = await ask(gatewayWith(t, keys));

  assert.equal(brokers.length, 1);
});

for (const [what, wrong] of [
  ['another secret key', { AWS_SECRET_ACCESS_KEY: 'another' }],
  ['another access key', { AWS_ACCESS_KEY_ID: 'ASIAANOTHER' }],
  ['another session', { AWS_SESSION_TOKEN: 'another' }],
] as const) {
  test(`${what} is refused at once`, async (t) => {
    await assertRefused(gatewayWith(t, { ...keys, ...wrong }), /Access denied/);
  });
}

test('a signature for another region is refused at once', async (t) => {
  await assertRefused(gatewayWith(t, keys, { KAFKA_MSK_REGION: 'eu-west-2' }), /Access denied/);
});

test('a process without keys is told so', async (t) => {
  const cluster = gatewayWith(t, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });

  await assert.rejects(ask(cluster), { name: 'CredentialsUnavailable' });
});

suite('a role of its own for Kafka', () => {
  const functionKeys = { AWS_ACCESS_KEY_ID: 'ASIAFUNCTION', AWS_SECRET_ACCESS_KEY: 'f', AWS_SESSION_TOKEN: 'f' };

  test('is assumed once for all connections', async (t) => {
    const sts = await startSts(t, keys, 3600);
    const cluster = gatewayWith(t, { ...functionKeys, AWS_ENDPOINT_URL_STS: sts.url }, { KAFKA_MSK_ROLE_ARN: ROLE });

    await Promise.all([ask(cluster), ask(cluster)]);
    cluster.close();
    await ask(cluster);

    assert.deepEqual(
      sts.requests.map(({ RoleArn }) => RoleArn),
      [ROLE],
    );
  });

  test('is assumed again when less than 15 minutes are left of it', async (t) => {
    const sts = await startSts(t, keys, 14 * 60);
    const cluster = gatewayWith(t, { ...functionKeys, AWS_ENDPOINT_URL_STS: sts.url }, { KAFKA_MSK_ROLE_ARN: ROLE });

    await ask(cluster);
    cluster.close();
    const before = sts.requests.length;
    await ask(cluster);

    assert.ok(sts.requests.length > before);
  });

  test('that may not be assumed is 503', async (t) => {
    const sts = await startSts(t, keys, null);
    const cluster = gatewayWith(t, { ...functionKeys, AWS_ENDPOINT_URL_STS: sts.url }, { KAFKA_MSK_ROLE_ARN: ROLE });

    await assert.rejects(ask(cluster), { name: 'CredentialsUnavailable', status: 503 });
  });
});
