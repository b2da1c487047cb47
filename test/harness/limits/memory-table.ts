import assert from 'node:assert/strict';
import type { Item } from '../../../lib/aws/dynamodb.ts';
import type { GroupTable } from '../../../lib/consumers/group-store.ts';
import type { CountTable } from '../../../lib/limits/ledger.ts';

type Write = Parameters<CountTable['updateItem']>[0];
type Put = Parameters<GroupTable['putItem']>[0];

/**
 * Replaces DynamoDB: supports the expressions that limits and consumer groups use. Each call is immediate and atomic.
 */
export class MemoryTable implements CountTable, GroupTable {
  readonly name = 'memory';
  readonly items = new Map<string, Item>();
  /** The names of the calls so far. */
  calls: string[] = [];
  /** The errors of the next calls. */
  failures: Error[] = [];

  updateItem(input: Write) {
    return this.#call('updateItem', () => {
      assertAllUsed(input);
      const pk = keyOf(input);
      if (!holds(input, this.items.get(pk))) {
        const Item = this.items.get(pk);
        throw Object.assign(new Error('condition'), { name: 'ConditionalCheckFailedException', ...(Item && { Item }) });
      }
      return { Attributes: this.#write(input), $metadata: {} };
    });
  }

  transactWriteItems(items: Parameters<CountTable['transactWriteItems']>[0]) {
    return this.#call('transactWriteItems', () => {
      const updates = items.flatMap(({ Update }) => (Update === undefined ? [] : [Update]));
      const CancellationReasons = updates.map((update) => {
        assertAllUsed(update);
        const Item = this.items.get(keyOf(update));
        return holds(update, Item) ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', ...(Item && { Item }) };
      });
      if (CancellationReasons.some(({ Code }) => Code !== 'None')) {
        throw Object.assign(new Error('cancelled'), { name: 'TransactionCanceledException', CancellationReasons });
      }
      for (const update of updates) this.#write(update);
      return { $metadata: {} };
    });
  }

  getItem({ Key }: Parameters<GroupTable['getItem']>[0]) {
    return this.#call('getItem', () => {
      const Item = this.items.get(keyOf({ Key }));
      return { $metadata: {}, ...(Item && { Item }) };
    });
  }

  putItem(input: Put) {
    return this.#call('putItem', () => {
      const pk = input.Item?.pk.S ?? '';
      const Item = this.items.get(pk);
      if (!isReplaceable(input, Item)) {
        throw Object.assign(new Error('condition'), { name: 'ConditionalCheckFailedException', ...(Item && { Item }) });
      }
      this.items.set(pk, input.Item ?? {});
      return { $metadata: {} };
    });
  }

  batchGetItems(keys: Item[]) {
    return this.#call('batchGetItems', () => keys.map((Key) => this.items.get(keyOf({ Key }))).filter((item) => item !== undefined));
  }

  async #call<T>(name: string, work: () => T): Promise<T> {
    this.calls.push(name);
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    return work();
  }

  #write({ Key, UpdateExpression = '', ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: Write): Item {
    const item: Item = { ...this.items.get(keyOf({ Key })), ...Key };
    for (const [, keyword, clause] of UpdateExpression.matchAll(/(SET|ADD|REMOVE) (.*?)(?= SET | ADD | REMOVE |$)/g)) {
      for (const action of clause.split(', ')) {
        const [placeholder, value] = action.split(/ = | /);
        const name = names[placeholder];
        if (keyword === 'REMOVE') delete item[name];
        else if (keyword === 'SET') item[name] = values[value];
        else item[name] = { N: String(Number(item[name]?.N ?? 0) + Number(values[value].N)) };
      }
    }
    this.items.set(keyOf({ Key }), item);
    return item;
  }
}

const keyOf = ({ Key }: Pick<Write, 'Key'>): string => Key?.pk.S ?? '';

/** DynamoDB refuses a name or a value that no expression uses. */
function assertAllUsed(write: Partial<Write>): void {
  const placeholders = Object.keys({ ...write.ExpressionAttributeNames, ...write.ExpressionAttributeValues });
  const mentioned = `${write.UpdateExpression} ${write.ConditionExpression}`.match(/[#:]\d+/g) ?? [];
  assert.deepEqual(placeholders.sort(), [...new Set(mentioned)].sort());
}

function holds(
  write: Pick<Write, 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>,
  item: Item = {},
): boolean {
  const { ConditionExpression = '', ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = write;
  const number = (placeholder: string) => Number(values[placeholder]?.N);
  const found = (placeholder: string) => item[names[placeholder]];
  // BETWEEN contains an AND.
  return ConditionExpression.split(/ AND (?!:)/).every((condition) => {
    if (condition === '') return true;
    const [, name, , most] = /^\(attribute_not_exists\((#\d+)\) OR (#\d+) <= (:\d+)\)$/.exec(condition) ?? [];
    if (name) return found(name) === undefined || Number(found(name)?.N) <= number(most);
    const [, between, low, high] = /^(#\d+) BETWEEN (:\d+) AND (:\d+)$/.exec(condition) ?? [];
    if (between) return Number(found(between)?.N ?? Number.NaN) >= number(low) && Number(found(between)?.N) <= number(high);
    const [, existing] = /^attribute_exists\((#\d+)\)$/.exec(condition) ?? [];
    if (existing) return found(existing) !== undefined;
    throw new Error(`no such condition: ${condition}`);
  });
}

/** Whether the condition of a put holds: no item exists, or its number matches. */
function isReplaceable(
  { ConditionExpression, ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: Put,
  item?: Item,
) {
  if (ConditionExpression === 'attribute_not_exists(pk)') return item === undefined;
  const [, name, value] = /^(#\w+) = (:\w+)$/.exec(ConditionExpression ?? '') ?? [];
  if (name === undefined || value === undefined) throw new Error(`no such condition: ${ConditionExpression}`);
  return item !== undefined && item[names[name]]?.N === values[value]?.N;
}
