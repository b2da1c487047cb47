import { malformed, number, numberIn, textIn } from '../../aws/attributes.ts';
import { conditionFailedOn, type Item, Table } from '../../aws/dynamodb.ts';
import { conditionFailedWithin } from '../../aws/transaction-conflicts.ts';
import { type Notes, noNotes, readNotes } from './notes.ts';
import type { Lease, Leased, SubscriptionStore } from './store.ts';
import type { Definition, Owner, Replay, State, Subscription } from './subscription.ts';

/** The item with the names of all subscriptions. A subscription's name has no `#`. */
const INDEX = { pk: { S: 'push##index' } };
const AT_A_TIME = 100;

/**
 * Keeps subscriptions in the gateway's table: for each, one item with its definition and lease and one with its notes; and one item with
 * all names. No item expires.
 */
class DynamoDbSubscriptions implements SubscriptionStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async get(name: string, deadline: number): Promise<Subscription | null> {
    const { Item } = await this.#table.getItem({ Key: keyOf(name) }, deadline);
    return Item === undefined ? null : readItem(Item);
  }

  async list(deadline: number): Promise<Subscription[]> {
    const { Item } = await this.#table.getItem({ Key: INDEX }, deadline);
    const names = (Item?.names?.SS ?? []).sort();
    const found: Subscription[] = [];
    for (let i = 0; i < names.length; i += AT_A_TIME) {
      const asked = names.slice(i, i + AT_A_TIME);
      const items = (await this.#table.batchGetItems(asked.map(keyOf), deadline)).map(readItem);
      // DynamoDB may return fewer items than were asked for.
      const missing = asked.filter((name) => !items.some((one) => one.name === name));
      const others = await Promise.all(missing.map((name) => this.get(name, deadline)));
      found.push(...items, ...others.filter((one) => one !== null));
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async write(subscription: Subscription, replaced: number | null, deadline: number): Promise<boolean> {
    const { names, values, set } = assignments(itemOf(subscription));
    const condition = replaced === null ? 'attribute_not_exists(pk)' : '#version = :replaced AND #createdAt = :createdAt';
    const update = {
      TableName: this.#table.name,
      Key: keyOf(subscription.name),
      UpdateExpression: `SET ${set}`,
      ConditionExpression: condition,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ...values, ...(replaced !== null && { ':replaced': number(replaced) }) },
    };
    // Notes of an earlier subscription of this name, which were written after it was removed.
    const leftovers = replaced === null ? [{ Delete: { TableName: this.#table.name, Key: notesKeyOf(subscription.name) } }] : [];
    const items = [{ Update: update }, { Update: this.#index('ADD', subscription.name) }, ...leftovers];
    return this.#together(items, subscription, deadline);
  }

  async remove(name: string, version: number, deadline: number): Promise<boolean> {
    const doomed = {
      TableName: this.#table.name,
      Key: keyOf(name),
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': number(version) },
    };
    const notes = { TableName: this.#table.name, Key: notesKeyOf(name) };
    return this.#together([{ Delete: doomed }, { Delete: notes }, { Update: this.#index('DELETE', name) }], null, deadline);
  }

  async notes(name: string, deadline: number): Promise<Notes> {
    const { Item } = await this.#table.getItem({ Key: notesKeyOf(name) }, deadline);
    return Item?.notes?.S === undefined ? noNotes() : readNotes(Item.notes.S);
  }

  async note(name: string, notes: Notes, deadline: number): Promise<void> {
    await this.#table.putItem({ Item: { ...notesKeyOf(name), notes: { S: JSON.stringify(notes) } } }, deadline);
  }

  lease(name: string, state: Subscription['state'], { holder, now, until }: Lease, deadline: number): Promise<Leased | null> {
    return this.#lease(name, deadline, {
      UpdateExpression: 'SET #holder = :holder, #until = :until ADD #lease :one',
      ConditionExpression:
        '#state = :state AND (attribute_not_exists(#until) OR #until <= :now OR #holder = :holder OR attribute_not_exists(#holder))',
      ExpressionAttributeNames: { '#holder': 'holder', '#until': 'leaseUntil', '#lease': 'lease', '#state': 'state' },
      ExpressionAttributeValues: {
        ':holder': { S: holder },
        ':until': number(until),
        ':now': number(now),
        ':one': number(1),
        ':state': { S: state },
      },
    });
  }

  renew(name: string, { holder, until }: Lease, deadline: number): Promise<Leased | null> {
    return this.#lease(name, deadline, {
      UpdateExpression: 'SET #until = :until',
      ConditionExpression: '#holder = :holder',
      ExpressionAttributeNames: { '#holder': 'holder', '#until': 'leaseUntil' },
      ExpressionAttributeValues: { ':holder': { S: holder }, ':until': number(until) },
    });
  }

  async release(name: string, holder: string, deadline: number): Promise<void> {
    await this.#lease(name, deadline, {
      UpdateExpression: 'REMOVE #holder, #until',
      ConditionExpression: '#holder = :holder',
      ExpressionAttributeNames: { '#holder': 'holder', '#until': 'leaseUntil' },
      ExpressionAttributeValues: { ':holder': { S: holder } },
    });
  }

  async #lease(name: string, deadline: number, update: Omit<Parameters<Table['updateItem']>[0], 'Key'>): Promise<Leased | null> {
    try {
      const { Attributes = {} } = await this.#table.updateItem({ Key: keyOf(name), ReturnValues: 'ALL_NEW', ...update }, deadline);
      return { subscription: readItem(Attributes), number: Number(Attributes.lease?.N) };
    } catch (error) {
      if (conditionFailedOn(error) !== undefined) return null;
      throw error;
    }
  }

  #index(action: 'ADD' | 'DELETE', name: string) {
    return {
      TableName: this.#table.name,
      Key: INDEX,
      UpdateExpression: `${action} #names :name`,
      ExpressionAttributeNames: { '#names': 'names' },
      ExpressionAttributeValues: { ':name': { SS: [name] } },
    };
  }

  /** @returns false when a condition failed, unless the item equals `written`: the SDK may have sent the write twice */
  async #together(items: Parameters<Table['transactWriteItems']>[0], written: Subscription | null, deadline: number): Promise<boolean> {
    try {
      await this.#table.transactWriteItems(items, deadline);
      return true;
    } catch (error) {
      if (!conditionFailedWithin(error)) throw error;
      const there = written === null ? null : await this.get(written.name, deadline);
      return there !== null && JSON.stringify(there) === JSON.stringify(written);
    }
  }
}

/** Opens the subscriptions in the DynamoDB table of this name. */
export const openSubscriptions = (table: string): SubscriptionStore => new DynamoDbSubscriptions(new Table(table));

const keyOf = (name: string) => ({ pk: { S: `push#${name}` } });
const notesKeyOf = (name: string) => ({ pk: { S: `push#${name}#notes` } });

const itemOf = (subscription: Subscription): Item => ({
  name: { S: subscription.name },
  version: number(subscription.version),
  definition: { S: JSON.stringify(subscription.definition) },
  owner: { S: JSON.stringify(subscription.owner) },
  state: { S: subscription.state },
  reason: textOrNull(subscription.reason),
  verified: textOrNull(subscription.verified),
  replay: textOrNull(subscription.replay === null ? null : JSON.stringify(subscription.replay)),
  createdAt: number(subscription.createdAt),
  updatedAt: number(subscription.updatedAt),
});

const textOrNull = (text: string | null) => (text === null ? { NULL: true } : { S: text });

/** An item's attributes as placeholders: several names are reserved words of DynamoDB. */
function assignments(item: Item) {
  const entries = Object.entries(item);
  return {
    set: entries.map(([name]) => `#${name} = :${name}`).join(', '),
    names: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
  };
}

const STATES: readonly State[] = ['pending', 'active', 'paused', 'disabled'];

function readItem(item: Item): Subscription {
  const definition: Definition = JSON.parse(textIn(item, 'definition'));
  const owner: Owner = JSON.parse(textIn(item, 'owner'));
  const replay: Replay | null = item.replay?.S === undefined ? null : JSON.parse(item.replay.S);
  const state = STATES.find((one) => one === item.state?.S);
  if (state === undefined) throw malformed('state');
  return {
    ...{ name: textIn(item, 'name'), version: numberIn(item, 'version'), definition, owner, state },
    ...{ reason: item.reason?.S ?? null, verified: item.verified?.S ?? null, replay },
    ...{ createdAt: numberIn(item, 'createdAt'), updatedAt: numberIn(item, 'updatedAt') },
  };
}
