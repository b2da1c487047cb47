import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CredentialSource } from '../../../../lib/credentials/credential-source.ts';
import { GatewayError } from '../../../../lib/errors.ts';
import type { ConnectionCredentials } from '../../../../lib/kafka/connection/authentication/credentials.ts';
import { startBroker, withPlain } from '../../../harness/fake-broker/fake-broker.ts';
import { answer, clusterOf, startBrokers } from './connected-cluster.ts';

/** Credentials that can be replaced once by others. */
function credentials(first: string, renewed: string | null) {
  let password = first;
  const refusals: ConnectionCredentials[] = [];
  const source: CredentialSource<ConnectionCredentials> = {
    current: async () => ({ sasl: { mechanism: 'plain', username: 'gateway', password }, certificate: null }),
    async renew(refused) {
      refusals.push(refused);
      if (renewed === null) return false;
      password = renewed;
      return true;
    },
  };
  return { source, refusals };
}

test('refused credentials are renewed once, and the connection opened with the new ones', async (t) => {
  const broker = await startBroker(
    t,
    withPlain((_, password) => password === 'new', answer),
  );
  const { source, refusals } = credentials('old', 'new');
  const cluster = clusterOf(t, [broker], { credentials: source });

  const all = await Promise.all([cluster.connection(broker.address), cluster.connection(broker.address)]);

  assert.equal(all[0].open, true);
  assert.deepEqual(
    refusals.map(({ sasl }) => sasl !== null && 'password' in sasl && [sasl.username, sasl.password]),
    [['gateway', 'old']],
  );
  assert.equal(broker.connections, 2);
});

for (const renewed of [null, 'still wrong']) {
  test(`credentials that stay refused are for the operator (renewed: ${renewed})`, async (t) => {
    const broker = await startBroker(
      t,
      withPlain(() => false, answer),
    );
    const { source, refusals } = credentials('old', renewed);
    const cluster = clusterOf(t, [broker], { credentials: source });

    await assert.rejects(async () => cluster.connection(broker.address), { name: 'KafkaAuthentication' });

    assert.equal(refusals.length, renewed === null ? 1 : 2);
    assert.equal(broker.connections, renewed === null ? 1 : 3);
  });
}

test('credentials that cannot be had fail the connection as they say, and nobody is suspected', async (t) => {
  const broker = await startBroker(t, answer);
  const missing = new Error('no secret');
  const cluster = clusterOf(t, [broker], { credentials: { current: () => Promise.reject(missing), renew: () => assert.fail() } });
  const suspected = t.mock.method(cluster, 'suspect');

  await assert.rejects(async () => cluster.connection(broker.address), missing);

  assert.equal(suspected.mock.callCount(), 0);
  assert.equal(broker.connections, 0);
});

test('a user that Kafka refuses is what the settings say, and no other credentials are looked for', async (t) => {
  const broker = await startBroker(
    t,
    withPlain(() => false, answer),
  );
  const refused = new GatewayError('Unauthorized', 'Kafka refuses these credentials: check them');
  const cluster = clusterOf(t, [broker], {
    credentials: {
      current: async () => ({ sasl: { mechanism: 'plain', username: 'alice', password: 'wrong' }, certificate: null }),
      renew: () => assert.fail('there are no others'),
    },
    onUserRefusal: (cause) => {
      assert.match(String(cause), /Authentication failed/);
      return refused;
    },
  });

  await assert.rejects(cluster.anyBroker(), refused);

  assert.equal(cluster.accepted, false);
  assert.equal(broker.connections, 1);
});

test('that Kafka accepted the credentials is known from the first connection on', async (t) => {
  const [broker] = await startBrokers(t, 1);
  const cluster = clusterOf(t, [broker]);
  const before = cluster.accepted;

  await cluster.anyBroker();
  cluster.close();

  assert.deepEqual([before, cluster.accepted], [false, true]);
});
