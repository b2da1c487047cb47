import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { createServer } from 'node:tls';
import { GatewayError } from '../../../../lib/errors.ts';
import { BrokerConnection } from '../../../../lib/kafka/connection/connection.ts';
import { protocolMismatch } from '../../../../lib/kafka/connection/protocol-mismatch.ts';
import { metadata } from '../../../../lib/kafka/protocol/metadata.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { FakeBroker, type Respond, startBroker, withPlain } from '../../../harness/fake-broker/fake-broker.ts';
import { clientCertificates } from '../../../harness/kafka/client-certificates.ts';
import { echo, PLENTY_MS } from './connecting.ts';

const AUTHENTICATE = 36;
const plain = { clientId: 'test', ssl: null };
const tls = { clientId: 'test', ssl: {} };
const hangUp: Respond = () => Promise.reject(new Error('hang up'));

/** What a connection with these settings fails with, which is made and asks for metadata. */
async function failureAt(t: TestContext, address: string, settings: typeof plain | typeof tls): Promise<unknown> {
  const connection = new BrokerConnection(address, settings, null);
  t.after(() => connection.close());
  try {
    await connection.connect();
    await connection.send(metadata(null), PLENTY_MS);
  } catch (error) {
    return error;
  }
  return assert.fail('it succeeds');
}

/** Checks that a mismatch is the operator's, and that the log says what it is. */
function assertMismatch(error: GatewayError | null, why: RegExp, cause: unknown): void {
  assert.ok(error instanceof GatewayError && error.cause instanceof Error);
  assert.deepEqual([error.name, error.status], ['KafkaAuthentication', 502]);
  assert.match(error.cause.message, why);
  assert.match(error.cause.message, /KAFKA_SECURITY_PROTOCOL/);
  assert.equal(error.cause.cause, cause);
  assert.doesNotMatch(error.message, /127\.0\.0\.1/);
}

test('TLS where the listener has none is told', async (t) => {
  const { address } = await startBroker(t, echo);
  const cause = await failureAt(t, address, tls);

  assertMismatch(await protocolMismatch(address, tls, cause), /does not speak TLS/, cause);
});

test('no TLS where the listener has it is told, though its certificate is not one that is trusted', async (t) => {
  const { trusted } = await clientCertificates();
  const server = createServer(trusted, (socket) => socket.on('error', () => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const port = server.address();
  const address = `127.0.0.1:${typeof port === 'object' ? port?.port : assert.fail()}`;
  const cause = await failureAt(t, address, plain);

  assertMismatch(await protocolMismatch(address, plain, cause), /speaks TLS/, cause);
});

test('no SASL where the listener wants it is told, and no credentials are sent to find that out', async (t) => {
  const broker = await startBroker(
    t,
    withPlain(() => assert.fail('credentials were sent'), hangUp),
  );
  const cause = await failureAt(t, broker.address, plain);

  assertMismatch(await protocolMismatch(broker.address, plain, cause), /wants SASL/, cause);
  assert.ok(!broker.keys.includes(AUTHENTICATE));
});

test('a broker that hangs up on everybody is on its way up or down', async (t) => {
  const broker = await FakeBroker.start(t, hangUp);
  const cause = await failureAt(t, broker.address, plain);

  assert.equal(await protocolMismatch(broker.address, plain, cause), null);
});

test('a broker that is gone by the time it is asked again is not of another protocol', async (t) => {
  const broker = await FakeBroker.start(t, hangUp);
  const { address } = broker;
  const cause = await failureAt(t, address, plain);
  await broker.stop();

  assert.equal(await protocolMismatch(address, plain, cause), null);
});

test('who hung up on a single request, and takes others, is not of another protocol', async (t) => {
  const broker = await startBroker(t, hangUp);
  const cause = await failureAt(t, broker.address, plain);
  broker.respond = (request) => (request.key === keys.apiVersions ? broker.apiVersions() : echo(request));

  assert.equal(await protocolMismatch(broker.address, plain, cause), null);
});

test('a connection with SASL that is hung up on does not lack it', async (t) => {
  const broker = await startBroker(
    t,
    withPlain(() => assert.fail('credentials were sent'), hangUp),
  );
  const cause = await failureAt(t, broker.address, plain);

  assert.equal(await protocolMismatch(broker.address, plain, cause, true), null);
});

test('any other failure is not looked into', async (t) => {
  const broker = await startBroker(t, echo);

  for (const cause of [new Error('timed out'), Object.assign(new Error(), { code: 'ECONNREFUSED' }), undefined]) {
    assert.equal(await protocolMismatch(broker.address, tls, cause), null);
  }

  assert.equal(broker.connections, 0);
});
