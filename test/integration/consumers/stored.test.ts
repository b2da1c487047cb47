import { after, before, suite } from 'node:test';
import { type FakeDynamoDb, startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { testConsumers } from '../../harness/consumers/consumer-cases.ts';
import { endStoredSessions } from '../../harness/consumers/stored-groups.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';

let dynamodb: FakeDynamoDb;

before(async () => {
  dynamodb = await startFakeDynamoDb();
  configure(sharedKafka(), { GATEWAY_CONSUMERS: 'dynamodb', ...dynamodb.environment });
});
after(() => dynamodb.stop());

suite('consumers that are kept in DynamoDB', () => {
  testConsumers({ kafka: sharedKafka, endSessions: (group) => endStoredSessions(dynamodb, sharedKafka(), group) });
});
