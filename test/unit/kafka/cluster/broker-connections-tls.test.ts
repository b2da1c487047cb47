import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { certificates } from '../../../../infra/local/certificates.ts';
import { Cluster } from '../../../../lib/kafka/cluster/cluster.ts';
import { again } from '../../../../lib/kafka/cluster/retry.ts';
import { metadataAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { startBroker } from '../../../harness/fake-broker/fake-broker.ts';

const { ca, keystore, keystorePassword } = await certificates();

/** @returns its address */
async function listening(t: TestContext, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : assert.fail();
}

/** A broker behind TLS. */
async function tlsBroker(t: TestContext): Promise<string> {
  const { port } = await startBroker(t, () => metadataAnswer({}));
  const server = createTlsServer({ pfx: await readFile(keystore), passphrase: keystorePassword }, (client) => {
    const inner = connect(port, '127.0.0.1');
    client.on('error', () => inner.destroy());
    inner.on('error', () => client.destroy());
    client.pipe(inner).pipe(client);
  });
  return listening(t, server);
}

/** A broker with which TLS fails. */
const otherBroker = (t: TestContext): Promise<string> =>
  listening(
    t,
    createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end('this is no TLS at all, but some plain text');
    }),
  );

function clusterOf(t: TestContext, bootstrapServers: string[]): Cluster {
  // Equals are in random order.
  t.mock.method(Math, 'random', () => 0);
  const times = { maxIdleMs: 180_000, metadataMaxAgeMs: 300_000 };
  const cluster = new Cluster({ bootstrapServers, clientId: 'test', ssl: { ca }, credentials: null, ...times });
  t.after(() => cluster.close());
  return cluster;
}

test('where TLS fails with one broker, another one is asked', async (t) => {
  const [other, well] = [await otherBroker(t), await tlsBroker(t)];
  const cluster = clusterOf(t, [other, well]);

  assert.equal((await cluster.anyBroker()).address, well);
});

test('where TLS fails with one broker and the others are down, it is not tried again', async (t) => {
  const down = await listening(t, createServer());
  const cluster = clusterOf(t, [await otherBroker(t), down.replace(/\d+$/, '1')]);
  const tries = { count: 0 };

  const asking = again(Date.now() + 10_000, () => {
    tries.count++;
    return cluster.anyBroker();
  });

  await assert.rejects(asking, { name: 'KafkaAuthentication' });
  assert.equal(tries.count, 1);
});
