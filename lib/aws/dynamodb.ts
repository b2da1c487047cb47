import type {
  AttributeValue,
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  DynamoDBClient,
  GetItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  PutItemCommandOutput,
  TransactWriteItem,
  TransactWriteItemsCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';

/** An item of the table: its key `pk`, `expiresAt` in Unix seconds, and what else belongs to it. */
export type Item = Record<string, AttributeValue>;

type OnTable<Input> = Omit<Input, 'TableName'>;

/** DynamoDB answers within milliseconds: a connection that died in a freeze is found out soon, and replaced. */
const ATTEMPT_MS = 1000;
const ATTEMPTS = 3;

let client: DynamoDBClient | undefined;

/**
 * A table in DynamoDB, by the AWS SDK, which is loaded when it is first needed; all tables share its connections. Every call ends by its
 * deadline (Unix milliseconds), and throws what the SDK throws. A call that failed for another reason than a condition may have been
 * carried out, once or more often: so may one that succeeded, as the SDK tries again when an answer is lost.
 */
export class Table {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** The item of a key as it is after all writes so far. */
  async getItem(input: OnTable<GetItemCommandInput>, deadline: number): Promise<GetItemCommandOutput> {
    const { GetItemCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const command = new GetItemCommand({ ConsistentRead: true, ...input, TableName: this.name });
    return connect(DynamoDBClient).send(command, until(deadline));
  }

  async putItem(input: OnTable<PutItemCommandInput>, deadline: number): Promise<PutItemCommandOutput> {
    const { PutItemCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    return connect(DynamoDBClient).send(new PutItemCommand({ ...input, TableName: this.name }), until(deadline));
  }

  async updateItem(input: OnTable<UpdateItemCommandInput>, deadline: number): Promise<UpdateItemCommandOutput> {
    const { UpdateItemCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    return connect(DynamoDBClient).send(new UpdateItemCommand({ ...input, TableName: this.name }), until(deadline));
  }

  async deleteItem(input: OnTable<DeleteItemCommandInput>, deadline: number): Promise<DeleteItemCommandOutput> {
    const { DeleteItemCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    return connect(DynamoDBClient).send(new DeleteItemCommand({ ...input, TableName: this.name }), until(deadline));
  }

  /** The items of up to 100 keys, as they are after all writes so far; those that DynamoDB gives at once. */
  async batchGetItems(Keys: Item[], deadline: number): Promise<Item[]> {
    const { BatchGetItemCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const command = new BatchGetItemCommand({ RequestItems: { [this.name]: { Keys, ConsistentRead: true } } });
    const { Responses } = await connect(DynamoDBClient).send(command, until(deadline));
    return Responses?.[this.name] ?? [];
  }

  /** All of the writes or none. Each names its table. */
  async transactWriteItems(TransactItems: TransactWriteItem[], deadline: number): Promise<TransactWriteItemsCommandOutput> {
    const { TransactWriteItemsCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    return connect(DynamoDBClient).send(new TransactWriteItemsCommand({ TransactItems }), until(deadline));
  }
}

/**
 * The item that a condition of a write did not hold for, if that is why the write failed; undefined when it failed for another reason.
 * The item is empty when there is none, or when the write did not ask for it by `ReturnValuesOnConditionCheckFailure`.
 */
export function conditionFailedOn(error: unknown): Item | undefined {
  if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') return undefined;
  return 'Item' in error && isItem(error.Item) ? error.Item : {};
}

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null;

function connect(Client: typeof DynamoDBClient): DynamoDBClient {
  client ??= new Client({
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: ATTEMPT_MS,
      requestTimeout: ATTEMPT_MS,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true },
      httpsAgent: { keepAlive: true },
    },
  });
  return client;
}

const until = (deadline: number) => ({ abortSignal: AbortSignal.timeout(Math.max(0, deadline - Date.now())) });
