import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startGateway } from '../../../infra/local/gateway.ts';
import { freePorts, isFree } from '../../../infra/local/ports.ts';
import { users } from '../../../infra/local/properties.ts';
import { add } from '../../../infra/users/accounts.ts';
import { readUsers, writeUsers } from '../../../lib/authorizer/users.ts';
import { basicHeader } from '../../harness/events/presented.ts';
import { basic } from '../../harness/http/caller.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { openSocket } from '../../harness/pubsub/socket.ts';
import { openSubscriber } from '../../harness/pubsub/subscriber.ts';
import { until } from '../../harness/until.ts';
import { type NpmStart, npmStart, repository, takenPort, temporary } from './npm-start.ts';

test('npm start brings up Kafka and the gateway, and what it prints works as pasted', async (t) => {
  const [port] = await freePorts(1);
  const npm = npmStart({ PORT: String(port) });
  t.after(() => npm.child.kill('SIGTERM'));

  await npm.writes(/^READY /m);
  assert.match(npm.output(), /WARNING: the gateway is open/);
  const curls = npm.output().match(/(?<=^ *)curl .+/gm) ?? [];
  const [produced, offsets, fetched] = await inTurn(curls, async (curl) =>
    JSON.parse((await promisify(execFile)('sh', ['-c', curl])).stdout),
  );
  const clusters = await (await fetch(`http://127.0.0.1:${port}/v3/clusters`)).text();
  const { topics } = JSON.parse(clusters).data[0];
  const batch = await fetch(`${topics.related}/example/records:batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"entries":[{"id":"a","value":{"type":"STRING","data":"x"}}]}',
  });
  const { servers } = JSON.parse(await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).text());
  const page = await fetch(`http://127.0.0.1:${port}/docs`);

  assert.match(npm.output(), new RegExp(`^READY http://127.0.0.1:${port}$`, 'm'));
  assert.equal(batch.status, 207);
  assert.equal(servers[0].url, `http://127.0.0.1:${port}`);
  assert.match(await page.text(), /<h1>Kafka HTTP gateway/);
  assert.equal(curls.length, 3);
  assert.deepEqual({ ...produced.offsets[0], timestamp: 0 }, { partition: 0, offset: 0, timestamp: 0, error_code: null, error: null });
  assert.deepEqual(offsets, { beginning_offset: 0, end_offset: 1 });
  assert.deepEqual([fetched[0].key, fetched[0].value], ['sensor-1', { temperature: 21.5 }]);
});

test('a gateway does not take one that answers at its port for itself', async (t) => {
  const other = createServer((_request, response) => response.end());
  t.after(() => other.close());
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port }: AddressInfo = Object(other.address());

  const started = startGateway(port, { KAFKA_BOOTSTRAP_SERVERS: sharedKafka('PLAINTEXT') });

  await assert.rejects(started, { message: `Port ${port} is in use. Choose another one: PORT=${port + 1} npm start` });
});

test('npm start serves the WebSocket whose address it prints', async (t) => {
  const [port] = await freePorts(1);
  const topic = await createTopic({ configs: { 'retention.ms': '-1' } });
  const npm = npmStart({ PORT: String(port), KAFKA_BOOTSTRAP_SERVERS: sharedKafka('PLAINTEXT') });
  t.after(() => npm.child.kill('SIGTERM'));
  await npm.writes(/^READY /m);

  const socket = await openSocket(socketUrlOf(npm));
  const produced = await socket.command({ sequence: 1, cmdKafkaProduce: { topic, records: [{ value: 'dmFsdWU=', timestamp: 1000 }] } });
  const fetched = JSON.parse(await socket.exchange(JSON.stringify({ cmdKafkaFetch: { topic } })));
  const wrong = await socket.exchange('!@#$%^&*');
  socket.close();
  const subscriber = await openSubscriber(socketUrlOf(npm));
  await subscriber.command({ sequence: 3, cmdKafkaSubscribe: { topics: [topic], from: 'earliest', credit: 1 } });
  await until(() => subscriber.records().length > 0);
  subscriber.close();

  assert.deepEqual(produced, { sequence: '1', kafkaProduceResp: { results: [{ timestamp: '1000' }] } });
  assert.deepEqual(fetched.kafkaFetchResp.messages, [{ timestamp: '1000', value: 'dmFsdWU=' }]);
  assert.deepEqual(subscriber.records(), [{ topic, timestamp: '1000', value: 'dmFsdWU=' }]);
  assert.match(Buffer.from(wrong, 'base64').toString('latin1'), /wrong command/);
});

test('Ctrl-C stops all of it, without an error', async (t) => {
  const [port] = await freePorts(1);
  const npm = npmStart({ PORT: String(port) });
  t.after(() => npm.child.kill('SIGKILL'));
  await npm.writes(/^READY /m);
  const kafkaPort = kafkaPortOf(npm);

  npm.child.kill('SIGINT');
  const [code]: unknown[] = await once(npm.child, 'exit');

  assert.equal(code, 0);
  assert.deepEqual([await isFree(port), await isFree(kafkaPort)], [true, true]);
  assert.deepEqual(await readdir(temporary), []);
});

test('SIGTERM stops all of it, even while it is starting', async (t) => {
  const [port] = await freePorts(1);
  const npm = npmStart({ PORT: String(port) });
  t.after(() => npm.child.kill('SIGKILL'));
  await npm.writes(/Kafka .* at /);
  const kafkaPort = kafkaPortOf(npm);

  npm.child.kill('SIGTERM');
  const [code]: unknown[] = await once(npm.child, 'exit');

  assert.equal(code, 0);
  await until(async () => (await isFree(kafkaPort)) && (await readdir(temporary)).length === 0);
});

test('npm start serves a Kafka that the environment names, and starts none', async (t) => {
  const [port] = await freePorts(1);
  const topic = await createTopic({ partitions: 2 });
  const npm = npmStart({
    PORT: String(port),
    KAFKA_BOOTSTRAP_SERVERS: sharedKafka('SASL_PLAINTEXT'),
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    KAFKA_SASL_USERNAME: 'alice',
    KAFKA_SASL_PASSWORD: users.alice,
  });
  t.after(() => npm.child.kill('SIGTERM'));

  await npm.writes(/^READY /m);
  const response = await fetch(`http://127.0.0.1:${port}/topics/${topic}/offsets`);

  assert.equal(response.status, 200);
  assert.equal((await response.text()).match(/"partition"/g)?.length, 2);
  assert.deepEqual(await readdir(temporary), []);
});

test('npm start serves callers with Kafka credentials of their own, and nobody else', async (t) => {
  const [port] = await freePorts(1);
  const npm = npmStart({ PORT: String(port), GATEWAY_AUTH: 'passthrough' });
  t.after(() => npm.child.kill('SIGTERM'));
  await npm.writes(/^READY /m);

  const curls = npm.output().match(/(?<=^ *)curl .+/gm) ?? [];
  const [, , fetched] = await inTurn(curls, async (curl) => JSON.parse((await promisify(execFile)('sh', ['-c', curl])).stdout));
  const statuses = await inTurn([{}, basic('alice', 'wrong')], async (headers) => {
    const response = await fetch(`http://127.0.0.1:${port}/topics`, { headers });
    return [response.status, response.headers.get('www-authenticate')];
  });

  await assert.rejects(openSocket(`ws://127.0.0.1:${port}/pubsub`, basic('alice', users.alice)));

  const challenge = 'Basic realm="Kafka", charset="UTF-8"';
  assert.deepEqual(fetched[0].value, { temperature: 21.5 });
  assert.deepEqual(statuses, [
    [401, challenge],
    [401, challenge],
  ]);
});

test('npm start asks callers who they are, by the authorizer that is deployed', async (t) => {
  const [port] = await freePorts(1);
  const topic = await createTopic();
  const alice = await add(readUsers({}), 'users', 'alice', ['analysts']);
  const both = await add(alice.users, 'keys', 'sensor-1', []);
  const npm = npmStart({
    PORT: String(port),
    KAFKA_BOOTSTRAP_SERVERS: sharedKafka('PLAINTEXT'),
    GATEWAY_AUTH: 'basic,api-key',
    GATEWAY_USERS: JSON.stringify(writeUsers(both.users)),
    GATEWAY_GRANTS: JSON.stringify([{ group: 'analysts', operations: ['describe'], topics: [topic] }]),
  });
  t.after(() => npm.child.kill('SIGTERM'));
  const statusWith = async (headers: Record<string, string>) =>
    (await fetch(`http://127.0.0.1:${port}/topics/${topic}`, { headers })).status;

  await npm.writes(/^READY /m);
  const granted = await statusWith({ authorization: basicHeader('alice', alice.secret) });
  const wrong = await statusWith({ authorization: basicHeader('alice', 'wrong') });
  const notGranted = await fetch(`http://127.0.0.1:${port}/topics/${topic}`, { headers: { 'x-api-key': both.secret } });
  const nobody = await statusWith({});
  const forged = await statusWith({ 'SLS-Offline-Authorizer-Override': '{"lambda":{"principalId":"alice"}}' });

  assert.deepEqual([granted, wrong, notGranted.status, nobody, forged], [200, 403, 403, 403, 403]);
  assert.match(await notGranted.text(), /You have no grant to describe on the topic/);

  const socket = await openSocket(socketUrlOf(npm), { authorization: basicHeader('alice', alice.secret) });
  const listed = await socket.command({ cmdKafkaListOffset: { topic, timestamp: -1 } });
  const refused = JSON.parse(await socket.exchange(JSON.stringify({ cmdKafkaFetch: { topic } })));
  socket.close();

  assert.deepEqual(listed, { kafkaListOffsetResp: { timestamp: '-1' } });
  assert.deepEqual(
    [refused.errorResp.code, refused.errorResp.message],
    [29, `failed to fetch message, topic: ${topic}, partition: 0, err: TOPIC_AUTHORIZATION_FAILED`],
  );
  for (const headers of [{}, { authorization: basicHeader('alice', 'wrong') }]) await assert.rejects(openSocket(socketUrlOf(npm), headers));
});

test('npm start says what it cannot serve', async () => {
  const npm = npmStart({ GATEWAY_AUTH: 'iam', KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9' });

  const [code]: unknown[] = await once(npm.child, 'close');

  assert.equal(code, 1);
  assert.match(npm.output(), /GATEWAY_AUTH=iam needs API Gateway/);
});

test('npm start refuses a configuration that cannot work, and lists what is wrong before it starts anything', async () => {
  const npm = npmStart({ GATEWAY_AUTH: 'jwt', GATEWAY_LIMITS: '[{}]', GATEWAY_LOG_LEVEL: 'loud' });

  const [code]: unknown[] = await once(npm.child, 'close');

  assert.equal(code, 1);
  for (const name of ['GATEWAY_JWT_ISSUER', 'GATEWAY_JWT_AUDIENCE', 'GATEWAY_TABLE', 'GATEWAY_LOG_LEVEL']) {
    assert.match(npm.output(), new RegExp(`^- .*${name}`, 'm'));
  }
  assert.doesNotMatch(npm.output(), /READY|Kafka .* at /);
});

test('npm start warns of what does not serve the gateway, and of unclear grants, before it is ready', async (t) => {
  const [port, nobody] = await freePorts(2);
  const [issuer, registry] = [`http://127.0.0.1:${nobody}/issuer`, `http://127.0.0.1:${nobody}`];
  const npm = npmStart({
    PORT: String(port),
    KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${nobody}`,
    SCHEMA_REGISTRY_URL: registry,
    GATEWAY_AUTH: 'jwt,basic,api-key',
    GATEWAY_JWT_ISSUER: issuer,
    GATEWAY_JWT_AUDIENCE: 'gateway',
    GATEWAY_USERS: '{}',
    GATEWAY_GRANTS: JSON.stringify([{ principal: 'alice', operations: ['read'], topics: ['orders'] }]),
    ...{ GATEWAY_IDEMPOTENCY: '24h', GATEWAY_TABLE: 'gateway', AWS_ENDPOINT_URL_DYNAMODB: registry, AWS_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  });
  t.after(() => npm.child.kill('SIGTERM'));

  await npm.writes(/^READY /m);
  const [before] = npm.output().split('READY ');

  for (const [peer, remedy] of [
    [`Kafka at 127.0.0.1:${nobody}`, 'KAFKA_BOOTSTRAP_SERVERS'],
    [`The schema registry at ${registry}`, 'SCHEMA_REGISTRY_URL'],
    [`The issuer ${issuer}`, 'GATEWAY_JWT_ISSUER'],
    ['The table gateway', 'GATEWAY_TABLE'],
  ]) {
    assert.match(before, new RegExp(`^WARNING: ${peer} does not serve the gateway \\(.*\\)\\. Check ${remedy}`, 'm'));
  }
  assert.match(before, /^WARNING: GATEWAY_GRANTS: \[0\] should name the "mode"/m);
  // As the deployed authorizer logs it, to the other stream: what comes first of two streams is not known.
  await npm.writes(/"level":"WARN","event":"grants_ambiguous"/);
});

test('npm start says so when its port is taken', async (t) => {
  const port = await takenPort(t);
  const npm = npmStart({ PORT: String(port) });

  const [code]: unknown[] = await once(npm.child, 'close');

  assert.equal(code, 1);
  assert.match(npm.output(), new RegExp(`Port ${port} is in use`));
});

test('an older Node is told which one is needed', async () => {
  const script = join(repository, 'infra/local/require-node-24.cjs');
  const older = `Object.defineProperty(process.versions, 'node', { value: '20.1.0' }); require(${JSON.stringify(script)})`;

  await assert.rejects(promisify(execFile)(process.execPath, ['--eval', older]), {
    code: 1,
    stderr: /runs on Node 24, but this is Node 20\.1\.0/,
  });
});

const socketUrlOf = (npm: NpmStart) => /ws:\S+/.exec(npm.output())?.[0] ?? assert.fail(npm.output());
const kafkaPortOf = (npm: NpmStart) => Number(/Kafka .* at 127\.0\.0\.1:(\d+)/.exec(npm.output())?.[1]);

async function inTurn<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
