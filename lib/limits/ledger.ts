import { conditionFailedOn, type Item, type Table } from '../aws/dynamodb.ts';
import { reasonsOf, withoutConflict } from '../aws/transaction-conflicts.ts';
import { type Counts, countsOf } from './counts.ts';
import type { Update } from './update.ts';

/** The outcome of a write, by the items' keys: the new counts, or the present counts of items whose condition failed. */
export interface WriteResult {
  written: boolean;
  counts: ReadonlyMap<string, Counts>;
}

/** The table operations that counting needs. */
export type CountTable = Pick<Table, 'name' | 'updateItem' | 'transactWriteItems' | 'batchGetItems'>;

/** The attribute that names the last write of an item. */
const BY = 'by';

/** The items with the counts, in DynamoDB. Each write is one request, unless another transaction conflicts. */
export class Ledger {
  readonly #table: CountTable;

  constructor(table: CountTable) {
    this.#table = table;
  }

  /**
   * Applies all updates, by the items' keys, or none.
   *
   * @param nonce recognises the write when its response was lost and it was retried
   * @param read which items of a transaction to read in parallel: a transaction does not return what it has written
   * @param known the counts of the other items, as far as they are known
   * @throws what the AWS SDK throws, except for a failed condition
   */
  async write(
    updates: ReadonlyMap<string, Update>,
    {
      nonce,
      deadline,
      read = [],
      known = () => ({}),
    }: { nonce: string; deadline: number; read?: string[]; known?: (pk: string) => Counts },
  ): Promise<WriteResult> {
    const [[pk, update]] = updates;
    for (const one of updates.values()) one.stamp(BY, nonce);
    return withoutConflict(deadline, () =>
      updates.size === 1 ? this.#writeOne(pk, update, nonce, deadline) : this.#writeAll(updates, nonce, deadline, read, known),
    );
  }

  async #writeOne(pk: string, update: Update, nonce: string, deadline: number): Promise<WriteResult> {
    try {
      const input = { Key: { pk: { S: pk } }, ...update.expressions(), ...onFailure, ReturnValues: 'ALL_NEW' as const };
      const { Attributes } = await this.#table.updateItem(input, deadline);
      return { written: true, counts: new Map([[pk, countsOf(Attributes)]]) };
    } catch (error) {
      const item = conditionFailedOn(error);
      if (item === undefined) throw error;
      return { written: item[BY]?.S === nonce, counts: new Map([[pk, countsOf(item)]]) };
    }
  }

  async #writeAll(
    updates: ReadonlyMap<string, Update>,
    nonce: string,
    deadline: number,
    read: string[],
    known: (pk: string) => Counts,
  ): Promise<WriteResult> {
    const items = [...updates].map(([pk, update]) => ({
      Update: { TableName: this.#table.name, Key: { pk: { S: pk } }, ...update.expressions(), ...onFailure },
    }));
    // May read the state before or after the write.
    const reading = this.#read(read, deadline);
    try {
      await this.#table.transactWriteItems(items, deadline);
    } catch (error) {
      const failed = failedItems(error, [...updates.keys()]);
      if (failed === null) throw error;
      return { written: false, counts: failed };
    }
    const found = await reading;
    const counts = [...updates].map(([pk, update]): [string, Counts] => {
      const item = found.get(pk);
      if (item?.[BY]?.S === nonce) return [pk, countsOf(item)];
      return [pk, update.appliedTo(read.includes(pk) ? countsOf(item) : known(pk))];
    });
    return { written: true, counts: new Map(counts) };
  }

  async #read(keys: readonly string[], deadline: number): Promise<Map<string, Item>> {
    if (keys.length === 0) return new Map();
    try {
      const items = await this.#table.batchGetItems(
        keys.map((pk) => ({ pk: { S: pk } })),
        deadline,
      );
      return new Map(items.map((item) => [item.pk?.S ?? '', item]));
    } catch {
      // Only the response headers need it; if DynamoDB is not available, the write fails.
      return new Map();
    }
  }
}

const onFailure = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

/** The counts of items whose condition failed; null when the transaction failed for another reason. */
function failedItems(error: unknown, keys: readonly string[]): Map<string, Counts> | null {
  const failed = reasonsOf<Item>(error).flatMap((reason, i): [string, Counts][] =>
    reason.Code === 'ConditionalCheckFailed' ? [[keys[i], countsOf(reason.Item)]] : [],
  );
  return failed.length === 0 ? null : new Map(failed);
}
