import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, type TestContext, test } from 'node:test';
import { users } from '../../../infra/local/properties.ts';
import { CallerClients } from '../../../lib/caller-clients.ts';
import { readConfig } from '../../../lib/config.ts';
import { GatewayError } from '../../../lib/errors.ts';
import { again } from '../../../lib/kafka/again.ts';
import { closeClients } from '../../../lib/kafka/clients.ts';
import { clusterSettings } from '../../../lib/kafka-client.ts';
import { sharedKafka, sharedKafkaCaFile } from '../../kafka/shared-kafka.ts';
import { basic, bearer } from './caller.ts';

const KAFKA_SSL_CA = await readFile(sharedKafkaCaFile(), 'utf8');

/** Asks Kafka as a caller with this header does, by what the variables say; answers with the caller's principal. */
function askingBy(t: TestContext, KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT' | 'SASL_SSL', KAFKA_SASL_MECHANISM: string) {
  const KAFKA_BOOTSTRAP_SERVERS = sharedKafka(KAFKA_SECURITY_PROTOCOL);
  const variables = { KAFKA_BOOTSTRAP_SERVERS, KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_MECHANISM, KAFKA_SSL_CA, GATEWAY_AUTH: 'passthrough' };
  const { kafka, maxClients } = readConfig(variables);
  const callers = new CallerClients(kafka.passthrough ?? assert.fail(), clusterSettings(kafka), maxClients);
  t.after(closeClients);
  return async (headers: { authorization: string }): Promise<string | null> => {
    const ends: (() => void)[] = [];
    const caller = { headers, principal: null, onEnd: (callback: () => void) => void ends.push(callback) };
    try {
      const { cluster } = callers.clientOf(caller);
      await again(Date.now() + 10_000, () => cluster.metadata([]));
    } finally {
      for (const end of ends) end();
    }
    return caller.principal;
  };
}

for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) {
  for (const protocol of ['SASL_PLAINTEXT', 'SASL_SSL'] as const) {
    suite(`${mechanism} over ${protocol}`, () => {
      test('lets in the user that Kafka knows', async (t) => {
        const ask = askingBy(t, protocol, mechanism);

        assert.equal(await ask(basic('alice', users.alice)), 'alice');
      });

      for (const [what, user, password] of [
        ['a wrong password', 'alice', 'wrong'],
        ['an unknown user', 'nobody', users.alice],
        ['the password of another', 'alice', users.admin],
        ['no password', 'alice', ''],
      ] as const) {
        test(`is 401 with ${what}`, async (t) => {
          const ask = askingBy(t, protocol, mechanism);

          await assert.rejects(ask(basic(user, password)), { status: 401, code: 40101, message: 'Kafka refuses these credentials.' });
        });
      }
    });
  }
}

test('a mechanism that the listener does not have is the operator’s to mend, not the caller’s', async (t) => {
  const ask = askingBy(t, 'SASL_PLAINTEXT', 'PLAIN,OAUTHBEARER');

  const error = await ask(bearer('token')).catch((error: unknown) => error);

  assert.ok(error instanceof GatewayError);
  assert.deepEqual([error.status, error.code], [502, 50201]);
  assert.match(String(error.cause), /mechanism/i);
  assert.equal(await ask(basic('alice', users.alice)), 'alice');
});
