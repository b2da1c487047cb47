import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, type TestContext, test } from 'node:test';
import { users } from '../../../../infra/local/properties.ts';
import { GatewayError } from '../../../../lib/errors.ts';
import { asking, basic, bearer } from '../../../harness/http/caller.ts';
import { sharedKafka, sharedKafkaCaFile } from '../../../harness/kafka/shared-kafka.ts';

const KAFKA_SSL_CA = await readFile(sharedKafkaCaFile(), 'utf8');

const askingBy = (t: TestContext, protocol: 'SASL_PLAINTEXT' | 'SASL_SSL', KAFKA_SASL_MECHANISM: string) =>
  asking(t, { KAFKA_BOOTSTRAP_SERVERS: sharedKafka(protocol), KAFKA_SECURITY_PROTOCOL: protocol, KAFKA_SASL_MECHANISM, KAFKA_SSL_CA });

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

          await assert.rejects(ask(basic(user, password)), {
            status: 401,
            code: 40101,
            message: 'Kafka refuses these credentials: check them',
          });
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
