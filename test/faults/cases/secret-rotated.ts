import { randomUUID } from 'node:crypto';
import { until } from '../../kafka/until.ts';
import type { Fault } from '../fault.ts';
import { setScramPassword } from '../scram-password.ts';
import { startSecretsManager } from '../secrets-manager.ts';

export const secretRotated: Fault = {
  name: 'secret rotated, old password revoked',
  mayFail: false,
  stallMs: 3000,
  async stage({ bootstrapServers, saslServers }) {
    const username = `user-${randomUUID()}`;
    const before = { username, password: randomUUID() };
    const after = { username, password: randomUUID() };
    await setScramPassword(bootstrapServers, username, before.password);
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
        secretsManager.rotate(after);
        await setScramPassword(bootstrapServers, username, after.password);
        // A session is renewed with the old password until that is refused, which makes each process read the secret again.
        await until(() => secretsManager.reads >= processes);
      },
      end: () => secretsManager.close(),
    };
  },
};
