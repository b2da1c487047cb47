import { after, before, suite } from 'node:test';
import { storedCoordinator } from '../../../lib/consumers/stored-coordinator.optional.ts';
import type { Cluster } from '../../../lib/kafka/cluster/cluster.ts';
import { type FakeDynamoDb, startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { testConsumers } from '../../harness/consumers/consumer-cases.ts';
import { testLateAnswers } from '../../harness/consumers/late-answer-cases.ts';
import { otherProcess } from '../../harness/consumers/other-process.ts';
import { testOverlaps } from '../../harness/consumers/overlapping-cases.ts';
import { testOvertakenPolls } from '../../harness/consumers/overtaken-cases.ts';
import { testRecreatedTopics } from '../../harness/consumers/recreated-topic-cases.ts';
import { endStoredSessions } from '../../harness/consumers/stored-groups.ts';
import { configure } from '../../harness/http/gateway.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';

let dynamodb: FakeDynamoDb;
let kafka: ProxiedKafka;
let cluster: Cluster;

before(async () => {
  [dynamodb, kafka] = await Promise.all([startFakeDynamoDb(), startProxiedKafka()]);
  cluster = otherProcess(kafka.direct);
  configure(kafka.bootstrapServers, { GATEWAY_CONSUMERS: 'dynamodb', ...dynamodb.environment });
});
after(() => Promise.all([dynamodb.stop(), kafka.stop(), cluster.close()]));

const coordinatorOf = (cluster: Cluster, group: string) =>
  storedCoordinator(dynamodb.environment.GATEWAY_TABLE, { cluster, group, deadline: Date.now() + 25_000, asCaller: false });

suite('consumers that are kept in DynamoDB', () => {
  const keeper = { kafka: () => kafka.direct, endSessions: (group: string) => endStoredSessions(dynamodb, kafka.direct, group) };
  testConsumers(keeper);
  testRecreatedTopics(keeper);
  testOverlaps(() => kafka);
  testOvertakenPolls({ kafka: () => kafka.direct, elsewhere: (group) => coordinatorOf(cluster, group) });
  testLateAnswers({ kafka: () => kafka, coordinator: coordinatorOf, besides: 'OffsetCommit' });
});
