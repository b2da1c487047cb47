import { type TestContext, test } from 'node:test';
import { startBroker, startCluster } from '../../infra/local/broker.ts';
import { quickFailover } from '../../infra/local/properties.ts';
import { startFakeDynamoDb } from '../harness/aws/fake-dynamodb.ts';
import { withAdmin } from '../harness/kafka/topics.ts';
import { until } from '../harness/until.ts';
import { consumeInChaos } from './consumer-chaos.ts';

/** The leader of a partition of it coordinates groups. */
const OFFSETS_TOPIC = '__consumer_offsets';

/** Where groups are kept and whether that falters, on which version of Kafka, who commits, and whether clients give polls up. */
const runs = [
  { keeper: 'Kafka', autoCommit: false, givesUp: false },
  { keeper: 'Kafka', autoCommit: true, givesUp: false },
  // It has no groups that a gateway could be a member of.
  { keeper: 'DynamoDB', autoCommit: false, givesUp: true, version: '3.9.1' },
  { keeper: 'DynamoDB', autoCommit: true, givesUp: true, falters: true, version: '3.9.1' },
];

for (const { keeper, falters = false, autoCommit, givesUp, ...options } of runs) {
  const how = `${autoCommit ? 'with auto commit' : 'with commits'}${givesUp ? ' and polls that are given up' : ''}, in ${keeper}${falters ? ' that falters' : ''}`;
  test(`with poll_id every record is received, and none again without a reason, ${how}, while processes are killed`, async (t) => {
    await using broker = await startBroker(options);
    const environment = keeper === 'Kafka' ? {} : await environmentOfTable(t, falters);

    await consumeInChaos({
      ...{ bootstrapServers: broker.bootstrapServers, environment, autoCommit, givesUp },
      disturb: (processes) => processes.kill(),
    });
  });
}

test('with poll_id every record is received, and none again without a reason, while leaders and the coordinator of the group move', async (t) => {
  // Each second, the controller lets the first replica of a partition lead.
  const properties = { ...quickFailover, 'leader.imbalance.check.interval.seconds': '1' };
  const cluster = await startCluster(3, { properties });
  t.after(() => cluster.stop());
  const { bootstrapServers } = cluster;
  await createOffsetsTopic(bootstrapServers);

  await consumeInChaos({ bootstrapServers, autoCommit: false, givesUp: false, disturb: () => moveLeaders(bootstrapServers) });
});

/** A broker creates it when it is asked for the coordinator of any group. */
async function createOffsetsTopic(bootstrapServers: string): Promise<void> {
  await withAdmin(bootstrapServers, async (admin) => {
    await admin.describeGroups(['first']);
    await until(async () => (await admin.listTopics()).includes(OFFSETS_TOPIC));
  });
}

/** Makes the next replica of every partition the first. */
async function moveLeaders(bootstrapServers: string): Promise<void> {
  await withAdmin(bootstrapServers, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata();
    const moved = topics.map(({ name, partitions }) => ({
      topic: name,
      partitionAssignment: partitions.map(({ partitionId, replicas: [first, ...others] }) => ({
        partition: partitionId,
        replicas: [...others, first],
      })),
    }));
    await admin.alterPartitionReassignments({ topics: moved });
  });
}

async function environmentOfTable(t: TestContext, falters: boolean): Promise<Record<string, string>> {
  const dynamodb = await startFakeDynamoDb();
  if (falters) dynamodb.state = 'faltering';
  t.after(() => dynamodb.stop());
  return { GATEWAY_CONSUMERS: 'dynamodb', ...dynamodb.environment };
}
