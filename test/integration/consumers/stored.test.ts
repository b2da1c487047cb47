import { after, before, suite } from 'node:test';
import { type FakeDynamoDb, startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { testConsumers } from '../../harness/consumers/consumer-cases.ts';
import { testOverlaps } from '../../harness/consumers/overlapping-cases.ts';
import { testRecreatedTopics } from '../../harness/consumers/recreated-topic-cases.ts';
import { endStoredSessions } from '../../harness/consumers/stored-groups.ts';
import { configure } from '../../harness/http/gateway.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';

let dynamodb: FakeDynamoDb;
let kafka: ProxiedKafka;

before(async () => {
  [dynamodb, kafka] = await Promise.all([startFakeDynamoDb(), startProxiedKafka()]);
  configure(kafka.bootstrapServers, { GATEWAY_CONSUMERS: 'dynamodb', ...dynamodb.environment });
});
after(() => Promise.all([dynamodb.stop(), kafka.stop()]));

suite('consumers that are kept in DynamoDB', () => {
  const keeper = { kafka: () => kafka.direct, endSessions: (group: string) => endStoredSessions(dynamodb, kafka.direct, group) };
  testConsumers(keeper);
  testRecreatedTopics(keeper);
  testOverlaps(() => kafka);
});
