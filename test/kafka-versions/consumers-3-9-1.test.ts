import { after, before, suite } from 'node:test';
import { type Broker, startBroker } from '../../infra/local/broker.ts';
import { type FakeDynamoDb, startFakeDynamoDb } from '../harness/aws/fake-dynamodb.ts';
import { testConsumers } from '../harness/consumers/consumer-cases.ts';
import { endStoredSessions } from '../harness/consumers/stored-groups.ts';
import { configure } from '../harness/http/gateway.ts';

const version = '3.9.1';
let broker: Broker;
let dynamodb: FakeDynamoDb;

before(async () => {
  [broker, dynamodb] = await Promise.all([startBroker({ version }), startFakeDynamoDb()]);
  configure(broker.bootstrapServers, { GATEWAY_CONSUMERS: 'dynamodb', ...dynamodb.environment });
});
after(() => Promise.all([broker.stop(), dynamodb.stop()]));

suite(`consumers that are kept in DynamoDB, with Apache Kafka ${version}`, () => {
  const kafka = () => broker.bootstrapServers;
  testConsumers({ kafka, endSessions: (group) => endStoredSessions(dynamodb, kafka(), group) });
});
