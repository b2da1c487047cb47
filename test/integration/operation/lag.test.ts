import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import { handler } from '../../../functions/measure-lag.ts';
import { clusterSettings } from '../../../lib/clusters/kafka-cluster.ts';
import { closeClusters, warmCluster } from '../../../lib/clusters/warm-clusters.ts';
import { kafkaConfig } from '../../../lib/config/kafka.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { captureLog, lambdaContext } from '../../harness/events/http-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { joinWithAssignment, joinWithJava } from '../../harness/kafka/group-members.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, deleteTopic } from '../../harness/kafka/topics.ts';
import { metricsOf } from '../../harness/metrics/emf-schema.ts';
import { until } from '../../harness/until.ts';
import { describe, newGroup, put } from '../groups/group-requests.ts';
import { createQueue, receiveSome, settle } from '../queues/queue-requests.ts';

const listed = `listed-${crypto.randomUUID()}`;
configure(sharedKafka(), { GATEWAY_LAG_GROUPS: `group-*, queue-*, ${listed}`, GATEWAY_STACK: 'gateway-test' });

let topic: string;
before(async () => {
  topic = await createTopic({ partitions: 3 });
  await write(topic, 0, 4);
  await write(topic, 1, 6);
});

async function write(name: string, partition: number, count: number): Promise<void> {
  await produce(
    name,
    'text',
    Array.from({ length: count }, (_, i) => ({ value: `lagging ${i}`, partition })),
  );
}

/** What one look at the groups says, by the names of metrics. */
async function look(t: TestContext): Promise<{ metrics: Map<string, number>; lines: Record<string, unknown>[] }> {
  const lines = captureLog(t);
  setLogLevel('info');
  await handler({}, lambdaContext());
  const measured = lines.filter((line) => '_aws' in line);
  return { metrics: new Map(measured.flatMap(metricsOf).map(({ name, value }) => [name, value])), lines };
}

const of = (group: string, name = 'Lag'): string => `KafkaHttpGateway ${name} stack=gateway-test group=${group}`;
const ofStack = (name: string): string => `KafkaHttpGateway ${name} stack=gateway-test`;

test('a group of the classic protocol is behind what it has committed, and all that there is where it has not', async (t) => {
  const group = newGroup();
  await put(group, [{ topic, partition: 1, offset: 5 }]);

  const { metrics, lines } = await look(t);

  assert.deepEqual([metrics.get(of(group)), metrics.get(of(group, 'LargestLag'))], [5, 4]);
  assert.equal(metrics.get(ofStack('LagMeasured')), 1);
  assert.ok((metrics.get(ofStack('MostLag')) ?? 0) >= 5);
  assert.deepEqual(lines.find(({ event }) => event === 'lag_measured')?.missing, [listed]);
});

test('a group whose name is no dimension is in the log by its name, without what a viewer of it would obey', async (t) => {
  const group = newGroup();
  await put(`${group} \u009b31m \u202e ß`, [{ topic, partition: 1, offset: 5 }]);

  const { metrics, lines } = await look(t);

  assert.equal(metrics.has(of(group)), false);
  assert.equal(lines.find(({ group: name }) => String(name).startsWith(group))?.group, `${group} ?31m ? ß`);
});

test('a group of the consumer protocol that has committed nothing is behind all that its members are assigned', async (t) => {
  const group = newGroup();
  const own = await createTopic({ partitions: 2 });
  await write(own, 0, 7);
  const member = await joinWithJava(t, group, own, 'consumer');
  await until(() => Promise.resolve(member.received.length === 7));
  await until(async () => ((await describe(group)).json.members[0]?.assignments?.length ?? 0) > 0);

  const { metrics, lines } = await look(t);

  assert.equal(metrics.get(of(group)), 7);
  assert.equal(lines.find((line) => line.event === 'lag' && line.group === group)?.type, 'consumer');
});

test('a share group is behind what is not acknowledged', async (t) => {
  const queue = await createQueue();
  const own = await createTopic();
  await write(own, 0, 5);
  const { records } = await receiveSome(queue, { topics: [own], max: 2 });
  await settle(
    queue,
    'ack',
    records.map(({ receipt }) => receipt),
  );

  const { metrics } = await look(t);

  assert.equal(metrics.get(of(queue)), 5 - records.length);
});

test('a topic that is deleted does not count, nor keeps it others from being measured', async (t) => {
  const group = newGroup();
  const gone = await createTopic();
  await write(gone, 0, 3);
  await put(group, [
    { topic: gone, partition: 0, offset: 0 },
    { topic, partition: 0, offset: 4 },
    { topic, partition: 1, offset: 6 },
    { topic, partition: 2, offset: 0 },
  ]);
  await deleteTopic(gone);

  const { metrics } = await look(t);

  assert.equal(metrics.get(of(group)), 0);
  assert.equal(metrics.get(ofStack('LagMeasured')), 1);
});

test('a member that assigns what no consumer can read keeps no group from being measured', async (t) => {
  const [odd, group] = [newGroup(), newGroup()];
  await put(group, [{ topic, partition: 1, offset: 5 }]);
  const unreadable = Buffer.from([0, 0, 0, 0, 0, 1, 0x7f, 0xff]);
  const ofNoTopic = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 1, 0x4e, 0x20]), Buffer.alloc(20_000, 0xff), Buffer.from([0, 0, 0, 0])]);
  await joinWithAssignment(t, odd, topic, unreadable);
  await joinWithAssignment(t, newGroup(), topic, ofNoTopic);
  await until(async () => (await describe(odd)).json.state === 'Stable');

  const { metrics } = await look(t);

  assert.deepEqual([metrics.get(of(group)), metrics.get(of(odd))], [5, 0]);
  assert.equal(metrics.get(ofStack('LagMeasured')), 1);
});

test('while Kafka is away nothing is told, and the log says why', async (t) => {
  closeClusters();
  t.after(closeClusters);
  warmCluster('gateway', () => ({ ...clusterSettings(kafkaConfig()), bootstrapServers: ['127.0.0.1:9'] }));
  const lines = captureLog(t);

  await assert.rejects(handler({}, lambdaContext(4000)), { name: 'KafkaUnavailable' });

  assert.ok(lines.some(({ event, level }) => event === 'lag_unknown' && level === 'ERROR'));
  assert.ok(lines.every(({ _aws }) => _aws === undefined));
});
