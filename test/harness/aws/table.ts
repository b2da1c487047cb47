import { CreateTableCommand, DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { startMiniStack } from './ministack.ts';

/** An empty table in a DynamoDB of its own, made as infra/stack/dynamodb.yml does. */
export interface TestTable {
  name: string;
  /** To look at the table, past the gateway. */
  client: DynamoDBClient;
  /** The variables by which the gateway finds it. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts DynamoDB and makes the table. It takes a few seconds: once a file is enough, as long as tests use keys of their own. */
export async function startTable(): Promise<TestTable> {
  const aws = await startMiniStack();
  const client = new DynamoDBClient(aws);
  const name = 'gateway';
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
  return {
    name,
    client,
    environment: {
      GATEWAY_TABLE: name,
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
    },
    async stop() {
      client.destroy();
      await aws.stop();
    },
  };
}
