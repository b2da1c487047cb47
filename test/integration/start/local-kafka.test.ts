import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startBroker, startCluster } from '../../../infra/local/broker.ts';
import { isFree } from '../../../infra/local/ports.ts';
import { quickFailover } from '../../../infra/local/properties.ts';
import { readWithJava } from '../../harness/kafka/java-clients.ts';
import { readTopic, writeTopic } from '../../harness/kafka/records.ts';
import { createTopic, withAdmin } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';

const withKafka = fileURLToPath(new URL('../../harness/kafka/with-kafka.ts', import.meta.url));
const machinesTemporary = tmpdir();

let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(machinesTemporary, 'local-kafka-test-'));
  process.env.TMPDIR = temporary;
});

afterEach(() => rm(temporary, { recursive: true }));

test('a broker that is killed comes back at the same address with all that it had acknowledged', async () => {
  await using broker = await startBroker();
  const { bootstrapServers } = broker;
  const topic = await createTopic({ bootstrapServers });
  await writeTopic(topic, [{ key: 'before', value: 'kill' }], bootstrapServers);

  await broker.kill();
  const pidWhenDown = broker.pid;
  await broker.restart();

  const records = await readTopic(topic, bootstrapServers);
  assert.equal(pidWhenDown, undefined);
  assert.deepEqual(
    records.map(({ key, value }) => [String(key), String(value)]),
    [['before', 'kill']],
  );
});

test('a broker leaves neither process nor file when it is stopped, even while it is paused', async () => {
  await using broker = await startBroker();
  const port = portOf(broker.bootstrapServers);
  broker.pause();

  await broker.stop();

  assert.equal(await isFree(port), true);
  assert.deepEqual(await readdir(temporary), []);
});

test('a broker keeps its data in a directory that it is given', async () => {
  const dataDir = join(temporary, 'data');
  const first = await startBroker({ dataDir });
  const topic = await createTopic({ bootstrapServers: first.bootstrapServers });
  await first.stop();

  await using second = await startBroker({ dataDir });

  const topics = await withAdmin(second.bootstrapServers, (admin) => admin.listTopics());
  assert.deepEqual(topics, [topic]);
});

test('a broker that cannot start says what its log says, and leaves nothing', async () => {
  const start = startBroker({ properties: { 'num.io.threads': 'many' } });

  await assert.rejects(start, /Kafka did not start:.*num\.io\.threads/s);
  assert.deepEqual(await readdir(temporary), []);
});

test('a broker does not outlive the process that started it, even when that is killed outright', async () => {
  const { TEST_KAFKA_BOOTSTRAP_SERVERS: _shared, ...env } = process.env;
  const report = 'echo $TEST_KAFKA_BOOTSTRAP_SERVERS; exec cat';
  const starter = spawn(process.execPath, [withKafka, '--', 'sh', '-c', report], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const [address]: unknown[] = await once(starter.stdout, 'data');
  const port = portOf(String(address));
  const before = { listening: !(await isFree(port)), files: (await readdir(temporary)).length };

  starter.kill('SIGKILL');

  assert.deepEqual(before, { listening: true, files: 1 });
  await until(async () => (await isFree(port)) && (await readdir(temporary)).length === 0);
});

test('three nodes keep three copies, and serve what is left of them when one is gone', async () => {
  await using cluster = await startCluster(3, { properties: quickFailover });
  const { bootstrapServers } = cluster;
  const topic = await createTopic({ bootstrapServers });
  const { topics } = await withAdmin(bootstrapServers, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  const [{ leader, replicas }] = topics[0].partitions;
  await writeTopic(topic, [{ value: 'copied' }], bootstrapServers);

  await cluster.brokers[leader - 1].kill();

  const records = await readWithJava(topic, { bootstrapServers });
  assert.deepEqual(replicas.toSorted(), [1, 2, 3]);
  assert.deepEqual(
    records.map(({ value }) => String(value)),
    ['copied'],
  );
});

const portOf = (address: string) => Number(address.split(':')[1]);
