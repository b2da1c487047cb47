import { createHash } from 'node:crypto';
import type { ReadAccess } from '../aws/access.ts';
import { GatewayError } from '../errors.ts';
import { socketsUnavailable } from '../messages/pubsub.ts';
import { type DynamoDbSockets, openSocketTable } from './dynamodb-sockets.ts';
import type { SocketSubscription, SocketSubscriptions } from './socket-subscription.ts';
import { wakeReader } from './wake-reader.ts';

interface Options {
  table: string;
  /** The name of the function that reads. */
  reader: string;
  /** The number of shards. */
  readers: number;
}

let opened: { subscriptions: SocketSubscriptions; key: string } | undefined;

/** Subscriptions of connections that API Gateway holds: the gateway's table keeps them, and a function reads for them. */
export function storedSubscriptions({ table, reader, readers }: Options, access: ReadAccess): SocketSubscriptions {
  const key = JSON.stringify([table, reader, readers]);
  if (opened?.key !== key) {
    const wake = (shard: number) => wakeReader(access, reader, shard);
    opened = { subscriptions: new StoredSubscriptions(openSocketTable(table), readers, wake), key };
  }
  return opened.subscriptions;
}

/** Keeps subscriptions in a store, and starts a reader for a shard that has none. */
export class StoredSubscriptions implements SocketSubscriptions {
  readonly #store: DynamoDbSockets;
  readonly #readers: number;
  readonly #wake: (shard: number) => Promise<void>;

  constructor(store: DynamoDbSockets, readers: number, wake: (shard: number) => Promise<void>) {
    this.#store = store;
    this.#readers = readers;
    this.#wake = wake;
  }

  async add(connection: string, subscription: SocketSubscription, cursor: string, credit: number, deadline: number): Promise<() => void> {
    const own = createHash('sha256').update(connection).digest().readUInt32BE() % this.#readers;
    return available(async () => {
      const shard = await this.#store.add(connection, own, subscription, { cursor, credit, deadline });
      try {
        await this.#tell(shard, connection, deadline);
      } catch (error) {
        await this.#store.remove(connection, subscription.sequence, deadline);
        throw error;
      }
      return () => undefined;
    });
  }

  give(connection: string, sequence: string, credit: number, deadline: number): Promise<boolean> {
    return this.#change(connection, this.#store.give(connection, sequence, credit, deadline), deadline);
  }

  remove(connection: string, sequence: string, deadline: number): Promise<boolean> {
    return this.#change(connection, this.#store.remove(connection, sequence, deadline), deadline);
  }

  forget(connection: string, deadline: number): Promise<void> {
    return available(() => this.#store.forget(connection, null, deadline));
  }

  #change(connection: string, changed: ReturnType<DynamoDbSockets['remove']>, deadline: number): Promise<boolean> {
    return available(async () => {
      const { isThere, shard } = await changed;
      // Also of one that is not there: it may have been removed by this very request, whose first answer was lost.
      if (shard !== null) await this.#tell(shard, connection, deadline);
      return isThere;
    });
  }

  async #tell(shard: number, connection: string, deadline: number): Promise<void> {
    const isRead = await this.#store.mark(shard, connection, Date.now(), deadline);
    if (!isRead) await this.#wake(shard);
  }
}

/** @throws {GatewayError} StorageUnavailable when an AWS service fails */
async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw socketsUnavailable.with({ cause });
  }
}
