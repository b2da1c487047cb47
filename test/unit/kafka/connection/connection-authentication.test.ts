import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { BrokerConnection } from '../../../../lib/kafka/connection/connection.ts';
import { connectionError, isCredentialRefusal } from '../../../../lib/kafka/failures.ts';
import { startBroker, withPlain } from '../../../harness/fake-broker/fake-broker.ts';
import { silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { clientCertificates } from '../../../harness/kafka/client-certificates.ts';
import { stopTime } from '../../../harness/virtual-time.ts';
import { ask, connectionTo, echo, user } from './connecting.ts';

test('a user is authenticated before the connection is open', async (t) => {
  const broker = await startBroker(
    t,
    withPlain((name, password) => name === 'gateway' && password === 'p4ssword', echo),
  );
  const connection = connectionTo(t, broker.address, user);

  await connection.connect();

  assert.deepEqual(broker.keys, [18, 17, 36]);
  assert.equal(await ask(connection, 'orders'), 'orders');
});

test('a user that is refused is told from other failures, and the connection is closed', async (t) => {
  const broker = await startBroker(
    t,
    withPlain(() => false, echo),
  );
  const connection = connectionTo(t, broker.address, user);

  await assert.rejects(connection.connect(), (error) => isCredentialRefusal(error));

  assert.equal(connection.closed, true);
});

test('a connection that is lost while it authenticates is no refusal', async (t) => {
  const broker = await startBroker(
    t,
    withPlain(() => {
      throw new Error('the broker hangs up');
    }, echo),
  );
  const connection = connectionTo(t, broker.address, user);

  await assert.rejects(connection.connect(), (error) => !isCredentialRefusal(error) && connectionError(error).status === 503);

  assert.deepEqual(broker.keys, [18, 17, 36]);
});

test('a broker that is silent while it authenticates is given up', async (t) => {
  stopTime(t);
  const broker = await startBroker(t, silence);
  const connection = connectionTo(t, broker.address, user);
  const arrived = broker.received(17);
  const connecting = connection.connect();
  await arrived;

  t.mock.timers.tick(3100);

  await assert.rejects(connecting, (error) => !isCredentialRefusal(error));
  assert.equal(connection.closed, true);
});

test('a certificate that TLS does not even try is an error for the operator', async (t) => {
  const { trusted } = await clientCertificates();
  const certificate = { ...trusted, cert: `${trusted.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n` };
  const broker = await startBroker(t, silence);
  const connection = new BrokerConnection(broker.address, { clientId: 'test', ssl: {} }, { sasl: null, certificate });
  t.after(() => connection.close());

  await assert.rejects(connection.connect(), (error) => connectionError(error).name === 'KafkaAuthentication');
});

test('TLS to a port without it is an error for the operator', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end('this is no TLS at all, but some plain text');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : assert.fail();
  const connection = new BrokerConnection(`127.0.0.1:${port}`, { clientId: 'test', ssl: {} }, null);
  t.after(() => connection.close());

  await assert.rejects(connection.connect(), (error) => connectionError(error).name === 'KafkaAuthentication');
});
