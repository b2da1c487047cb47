import {
  BatchGetItemCommand,
  DynamoDBClient,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandOutput,
  UpdateItemCommand,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../../../lib/aws/dynamodb.ts';
import type { CountTable } from '../../../lib/limits/ledger.ts';

/** The table as it is on a machine where it answers in time: for tests of what is counted, however busy the machine may be. */
export class PatientTable implements CountTable {
  readonly name: string;
  readonly #client = new DynamoDBClient({ maxAttempts: 1 });

  constructor(name: string) {
    this.name = name;
  }

  updateItem(input: Parameters<CountTable['updateItem']>[0]): Promise<UpdateItemCommandOutput> {
    return this.#client.send(new UpdateItemCommand({ ...input, TableName: this.name }));
  }

  transactWriteItems(TransactItems: Parameters<CountTable['transactWriteItems']>[0]): Promise<TransactWriteItemsCommandOutput> {
    return this.#client.send(new TransactWriteItemsCommand({ TransactItems }));
  }

  async batchGetItems(Keys: Item[]): Promise<Item[]> {
    const { Responses } = await this.#client.send(
      new BatchGetItemCommand({ RequestItems: { [this.name]: { Keys, ConsistentRead: true } } }),
    );
    return Responses?.[this.name] ?? [];
  }
}
