import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type SecretsManager, startSecretsManager } from '../../harness/aws/secrets-manager.ts';
import { setPassword } from '../../harness/kafka/java-clients.ts';
import { until } from '../../harness/until.ts';
import type { Fault } from '../fault.ts';

/** How long Kafka has the new password, and refuses the old one, before the secret says so. */
const GAP_MS = 1000;

/** Changes the secret and Kafka's password, in this order or the other. */
type Rotate = (secretsManager: SecretsManager, secret: object, change: () => Promise<void>) => Promise<void>;

const secretFirst: Rotate = async (secretsManager, secret, change) => {
  secretsManager.rotate(secret);
  await change();
};

const kafkaFirst: Rotate = async (secretsManager, secret, change) => {
  const { reads } = secretsManager;
  await change();
  // Whoever reads the secret now was refused.
  await until(() => secretsManager.reads > reads);
  await delay(GAP_MS);
  secretsManager.rotate(secret);
};

const rotated = (name: string, rotate: Rotate): Fault => ({
  name,
  mayFail: false,
  stallMs: 3000,
  async stage({ bootstrapServers, saslServers }) {
    const username = `user-${randomUUID()}`;
    const before = { username, password: randomUUID() };
    const after = { username, password: randomUUID() };
    await setPassword(username, before.password, bootstrapServers);
    const secretsManager = await startSecretsManager(before);
    return {
      env: {
        KAFKA_BOOTSTRAP_SERVERS: saslServers,
        KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
        KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
        KAFKA_SECRET_ID: 'kafka/gateway',
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
      },
      async inflict({ processes }) {
        await rotate(secretsManager, after, () => setPassword(username, after.password, bootstrapServers));
        // A session is renewed with the old password until that is refused, which makes each process read the secret again.
        await until(() => secretsManager.reads >= processes);
      },
      end: () => secretsManager.close(),
    };
  },
});

export const secretFaults = [
  rotated('secret rotated, old password revoked', secretFirst),
  rotated('password changed in Kafka a second before the secret', kafkaFirst),
];
