import { randomBytes } from 'node:crypto';
import { number, timeToLive } from '../aws/attributes.ts';
import { conditionFailedOn, type Item, Table } from '../aws/dynamodb.ts';
import { conditionFailedWithin, withoutConflict } from '../aws/transaction-conflicts.ts';
import { readersFull, subscriptionTooLarge } from '../messages/pubsub.ts';
import { MOST_SUBSCRIPTIONS, refusedBeside, type SocketSubscription } from './socket-subscription.ts';
import type { KeptSubscription, ReaderStore, Shard, ShardLease } from './store.ts';
import { ADDITION, keptIn, namesOf, pick, REMOVAL } from './subscription-attributes.ts';

/** API Gateway closes a connection after 2 h. */
const CONNECTION_MS = (2 * 3600 + 600) * 1000;
/** Most bytes of a subscription beside its cursor. An item holds 400 KB: ten of these, with cursors of 8 KB. */
const MOST_BYTES = 22_000;
/** Most connections that one reader reads for. */
const MOST_CONNECTIONS = 500;

/**
 * Keeps subscriptions of WebSockets in the gateway's table: an item for each connection, with a group of attributes for each of its
 * subscriptions; and an item for each shard of connections, with their ids and the lease of the shard's reader. A reader reads the shard's
 * item, and the items of those connections that it lists as changed. Items expire after the longest lifetime of a connection.
 */
export class DynamoDbSockets implements ReaderStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * Adds a subscription of a connection, which gets this shard unless it has one: the number of shards may have changed since.
   *
   * @returns the connection's shard
   * @throws {GatewayError} Conflict or BadRequest, as `refusedBeside`; TooLarge
   */
  async add(
    connection: string,
    shard: number,
    subscription: SocketSubscription,
    { cursor, credit, deadline }: { cursor: string; credit: number; deadline: number },
  ): Promise<number> {
    const { sequence } = subscription;
    const text = JSON.stringify(subscription);
    if (Buffer.byteLength(text) > MOST_BYTES) throw subscriptionTooLarge();
    const id = randomBytes(6).toString('base64url');
    try {
      const { Attributes = {} } = await this.#update(connection, deadline, {
        UpdateExpression: ADDITION,
        ConditionExpression: 'attribute_not_exists(#id) AND (attribute_not_exists(#all) OR size(#all) < :most)',
        ExpressionAttributeNames: {
          ...pick(sequence, 'sub', 'id', 'cursor', 'given', 'sent'),
          '#all': 'all',
          '#shard': 'shard',
          '#expires': 'expiresAt',
        },
        ExpressionAttributeValues: {
          ...{ ':sub': { S: text }, ':id': { S: id }, ':cursor': { S: cursor }, ':one': { SS: [sequence] } },
          ...{ ':given': number(credit), ':none': number(0), ':shard': number(shard), ':expires': expiry() },
          ':most': number(MOST_SUBSCRIPTIONS),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return shardIn(Attributes) ?? shard;
    } catch (error) {
      const found = conditionFailedOn(error);
      if (found === undefined) throw error;
      // Its own: the answer to the first attempt was lost.
      if (found[namesOf(sequence)['#id']]?.S === id) return shardIn(found) ?? shard;
      throw refusedBeside(found.all?.SS ?? [], sequence);
    }
  }

  /** Adds credit once, however often the SDK sends it. */
  give(connection: string, sequence: string, credit: number, deadline: number): Promise<Changed> {
    const gift = randomBytes(6).toString('base64url');
    return this.#change(connection, deadline, {
      update: {
        UpdateExpression: 'SET #gift = :gift ADD #given :credit',
        ConditionExpression: 'attribute_exists(#id) AND (attribute_not_exists(#gift) OR #gift <> :gift)',
        ExpressionAttributeNames: pick(sequence, 'given', 'id', 'gift'),
        ExpressionAttributeValues: { ':credit': number(credit), ':gift': { S: gift } },
      },
      isDone: (item) => item[namesOf(sequence)['#gift']]?.S === gift,
    });
  }

  remove(connection: string, sequence: string, deadline: number): Promise<Changed> {
    return this.#change(connection, deadline, {
      update: {
        UpdateExpression: REMOVAL,
        ConditionExpression: 'attribute_exists(#id)',
        ExpressionAttributeNames: { ...namesOf(sequence), '#all': 'all' },
        ExpressionAttributeValues: { ':one': { SS: [sequence] } },
      },
    });
  }

  async end(connection: string, { id, subscription }: KeptSubscription, deadline: number): Promise<void> {
    const { sequence } = subscription;
    await this.#conditional(keyOf(connection), deadline, {
      UpdateExpression: REMOVAL,
      ConditionExpression: '#id = :id',
      ExpressionAttributeNames: { ...namesOf(sequence), '#all': 'all' },
      ExpressionAttributeValues: { ':one': { SS: [sequence] }, ':id': { S: id } },
    });
  }

  /**
   * Tells the reader of a shard that a connection has changed.
   *
   * @returns whether the shard has a reader now
   * @throws {GatewayError} LimitExceeded when the shard has no room for another connection
   */
  async mark(shard: number, connection: string, now: number, deadline: number): Promise<boolean> {
    try {
      const { Attributes = {} } = await this.#write(
        {
          Key: shardKey(shard),
          UpdateExpression: 'SET #expires = :expires ADD #connections :one, #changes :mark',
          ConditionExpression: 'attribute_not_exists(#connections) OR contains(#connections, :id) OR size(#connections) < :most',
          ExpressionAttributeNames: { '#connections': 'connections', '#changes': 'changes', '#expires': 'expiresAt' },
          ExpressionAttributeValues: {
            ...{ ':one': { SS: [connection] }, ':id': { S: connection }, ':most': number(MOST_CONNECTIONS) },
            ...{ ':mark': { SS: [`${connection} ${randomBytes(6).toString('base64url')}`] }, ':expires': expiry() },
          },
          ReturnValues: 'ALL_NEW',
        },
        deadline,
      );
      return Number(Attributes.leaseUntil?.N ?? 0) > now;
    } catch (error) {
      if (conditionFailedOn(error) === undefined) throw error;
      throw readersFull(MOST_CONNECTIONS);
    }
  }

  async take(shard: number, { holder, now, until }: ShardLease, deadline: number): Promise<Shard | null> {
    return this.#lease(shard, deadline, {
      UpdateExpression: 'SET #holder = :holder, #until = :until ADD #number :one',
      ConditionExpression: 'attribute_exists(#connections) AND (attribute_not_exists(#until) OR #until <= :now OR #holder = :holder)',
      ExpressionAttributeNames: { '#holder': 'holder', '#until': 'leaseUntil', '#number': 'lease', '#connections': 'connections' },
      ExpressionAttributeValues: { ':holder': { S: holder }, ':until': number(until), ':now': number(now), ':one': number(1) },
    });
  }

  async renew(shard: number, { holder, until }: ShardLease, seen: readonly string[], deadline: number): Promise<Shard | null> {
    const hasSeen = seen.length > 0;
    return this.#lease(shard, deadline, {
      UpdateExpression: `SET #until = :until${hasSeen ? ' DELETE #changes :seen' : ''}`,
      ConditionExpression: '#holder = :holder',
      ExpressionAttributeNames: { '#holder': 'holder', '#until': 'leaseUntil', ...(hasSeen && { '#changes': 'changes' }) },
      ExpressionAttributeValues: { ':holder': { S: holder }, ':until': number(until), ...(hasSeen && { ':seen': { SS: [...seen] } }) },
    });
  }

  async release(shard: number, holder: string, ifEmpty: boolean, deadline: number): Promise<boolean> {
    const released = await this.#lease(shard, deadline, {
      UpdateExpression: 'REMOVE #holder, #until',
      ConditionExpression: `#holder = :holder${ifEmpty ? ' AND attribute_not_exists(#connections)' : ''}`,
      ExpressionAttributeNames: { '#holder': 'holder', '#until': 'leaseUntil', ...(ifEmpty && { '#connections': 'connections' }) },
      ExpressionAttributeValues: { ':holder': { S: holder } },
    });
    return released !== null;
  }

  async takeUp(connection: string, lease: number, deadline: number): Promise<readonly KeptSubscription[] | null> {
    const update: Update = {
      UpdateExpression: 'SET #lease = :lease',
      ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(#lease) OR #lease <= :lease)',
      ExpressionAttributeNames: { '#lease': 'lease' },
      ExpressionAttributeValues: { ':lease': number(lease) },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    try {
      const { Attributes: item = {} } = await this.#update(connection, deadline, update);
      // DynamoDB deletes the item of a connection that closed without a word, but may take days.
      if (Number(item.expiresAt?.N) * 1000 <= Date.now()) return [];
      return (item.all?.SS ?? []).map((sequence) => keptIn(item, sequence));
    } catch (error) {
      const found = conditionFailedOn(error);
      if (found === undefined) throw error;
      return found.pk === undefined ? [] : null;
    }
  }

  async save(connection: string, lease: number, { id, subscription, cursor, sent }: KeptSubscription, deadline: number): Promise<void> {
    await this.#conditional(keyOf(connection), deadline, {
      UpdateExpression: 'SET #cursor = :cursor, #sent = :sent',
      ConditionExpression: '#lease = :lease AND #id = :id',
      ExpressionAttributeNames: { ...pick(subscription.sequence, 'cursor', 'sent', 'id'), '#lease': 'lease' },
      ExpressionAttributeValues: { ':cursor': { S: cursor }, ':sent': number(sent), ':lease': number(lease), ':id': { S: id } },
    });
  }

  async forget(connection: string, known: number | null, deadline: number): Promise<void> {
    const deletion = { Key: keyOf(connection), ReturnValues: 'ALL_OLD' } as const;
    const { Attributes } = await withoutConflict(deadline, () => this.#table.deleteItem(deletion, deadline));
    const shard = shardIn(Attributes ?? {}) ?? known;
    // Most connections have no subscription, and therefore no shard.
    if (shard !== null) await this.#unlist(shard, connection, deadline);
  }

  async leave(connection: string, shard: number, deadline: number): Promise<void> {
    const TableName = this.#table.name;
    const withoutSubscriptions = {
      ConditionExpression: 'attribute_not_exists(#all) OR expiresAt <= :now',
      ExpressionAttributeNames: { '#all': 'all' },
      ExpressionAttributeValues: { ':now': timeToLive(Date.now()) },
    };
    try {
      // Together: a process that dies in between would leave a connection that has just subscribed without a reader.
      const writes = [
        { Delete: { TableName, Key: keyOf(connection), ...withoutSubscriptions } },
        { Update: { TableName, ...unlisting(shard, connection) } },
      ];
      await withoutConflict(deadline, () => this.#table.transactWriteItems(writes, deadline));
    } catch (error) {
      if (!conditionFailedWithin(error)) throw error;
    }
  }

  async #unlist(shard: number, connection: string, deadline: number): Promise<void> {
    await this.#write(unlisting(shard, connection), deadline);
  }

  /** @param isDone whether an item that does not meet the condition has the change already: the answer to the first attempt was lost */
  async #change(connection: string, deadline: number, { update, isDone }: Change): Promise<Changed> {
    try {
      const { Attributes = {} } = await this.#update(connection, deadline, { ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
      return { isThere: true, shard: shardIn(Attributes) };
    } catch (error) {
      const found = conditionFailedOn(error);
      if (found === undefined) throw error;
      return { isThere: isDone?.(found) ?? false, shard: shardIn(found) };
    }
  }

  #update(connection: string, deadline: number, update: Update) {
    return this.#write({ Key: keyOf(connection), ReturnValues: 'ALL_NEW', ...update }, deadline);
  }

  /** A connection may be leaving the same shard. */
  #write(update: Parameters<Table['updateItem']>[0], deadline: number): ReturnType<Table['updateItem']> {
    return withoutConflict(deadline, () => this.#table.updateItem(update, deadline));
  }

  async #lease(shard: number, deadline: number, update: Update): Promise<Shard | null> {
    const item = await this.#conditional(shardKey(shard), deadline, update);
    if (item === null) return null;
    return { number: Number(item.lease?.N), connections: item.connections?.SS ?? [], changes: item.changes?.SS ?? [] };
  }

  /** The updated item; null when the condition fails. */
  async #conditional(Key: Item, deadline: number, update: Update): Promise<Item | null> {
    try {
      const { Attributes = {} } = await this.#write({ Key, ReturnValues: 'ALL_NEW', ...update }, deadline);
      return Attributes;
    } catch (error) {
      if (conditionFailedOn(error) === undefined) throw error;
      return null;
    }
  }
}

/** Opens the subscriptions in the DynamoDB table of this name. */
export const openSocketTable = (table: string): DynamoDbSockets => new DynamoDbSockets(new Table(table));

type Update = Omit<Parameters<Table['updateItem']>[0], 'Key'>;

interface Change {
  readonly update: Update;
  readonly isDone?: (item: Item) => boolean;
}

/** What a change of a subscription has found. */
interface Changed {
  /** Whether there was such a subscription. */
  readonly isThere: boolean;
  /** The connection's shard, whose reader has to look; null for a connection without subscriptions. */
  readonly shard: number | null;
}

const shardIn = ({ shard }: Item): number | null => (shard?.N === undefined ? null : Number(shard.N));

const keyOf = (connection: string): Item => ({ pk: { S: `socket#${connection}` } });
/** The id of a connection has no `#`. */
const shardKey = (shard: number): Item => ({ pk: { S: `socket##${shard}` } });
/** Takes a connection out of its shard. */
const unlisting = (shard: number, connection: string) => ({
  Key: shardKey(shard),
  UpdateExpression: 'DELETE #connections :one',
  ExpressionAttributeNames: { '#connections': 'connections' },
  ExpressionAttributeValues: { ':one': { SS: [connection] } },
});
const expiry = () => timeToLive(Date.now() + CONNECTION_MS);
