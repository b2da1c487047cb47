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

/** An item of the table: its key `pk`, `expiresAt` in Unix seconds, and other attributes. */
export type Item = Record<string, AttributeValue>;

type OnTable<Input> = Omit<Input, 'TableName'>;

/** DynamoDB answers within milliseconds. A short timeout soon detects a connection that died while the process was frozen. */
const ATTEMPT_MS = 1000;
const ATTEMPTS = 3;

let client: DynamoDBClient | undefined;

/**
 * A DynamoDB table, by the AWS SDK, which is loaded on first use; all tables share its connections. Every call ends by its deadline (Unix
 * milliseconds), sends nothing after it, and throws what the SDK throws. Unless a condition failed, a failed call may have written, and
 * any call may have written more than once, because the SDK retries when a response is lost.
 */
export class Table {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Reads an item, by default with strong consistency. */
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

  /** Reads up to 100 items with strong consistency. DynamoDB may return fewer. */
  async batchGetItems(Keys: Item[], deadline: number): Promise<Item[]> {
    const { BatchGetItemCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const command = new BatchGetItemCommand({ RequestItems: { [this.name]: { Keys, ConsistentRead: true } } });
    const { Responses } = await connect(DynamoDBClient).send(command, until(deadline));
    return Responses?.[this.name] ?? [];
  }

  /** Executes all of the writes or none. Each names its table. */
  async transactWriteItems(TransactItems: TransactWriteItem[], deadline: number): Promise<TransactWriteItemsCommandOutput> {
    const { TransactWriteItemsCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    return connect(DynamoDBClient).send(new TransactWriteItemsCommand({ TransactItems }), until(deadline));
  }
}

/**
 * If a write failed because of its condition: the item that did not meet it; undefined for any other error. The item is empty if it does
 * not exist, or if the write did not ask for it with `ReturnValuesOnConditionCheckFailure`.
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

/** Past the deadline the call sends nothing: a timer of 0 ms could lose against a write that is quick. */
function until(deadline: number): { abortSignal: AbortSignal } {
  const left = deadline - Date.now();
  return { abortSignal: left > 0 ? AbortSignal.timeout(left) : AbortSignal.abort() };
}
