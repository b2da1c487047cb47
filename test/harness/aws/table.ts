import { CreateTableCommand, DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { startMiniStack } from './ministack.ts';

/** An empty table in its own DynamoDB, with the properties of infra/stack/dynamodb.yml. */
export interface TestTable {
  name: string;
  /** Reads the table directly, without the gateway. */
  client: DynamoDBClient;
  /** The variables that lead the gateway to it. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts DynamoDB and creates the table. That takes seconds: one table per file is enough if tests use different keys. */
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
