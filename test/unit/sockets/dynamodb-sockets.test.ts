import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Table } from '../../../lib/aws/dynamodb.ts';
import { DynamoDbSockets } from '../../../lib/sockets/dynamodb-sockets.ts';

/** A table whose items are in a transaction when each kind of write is tried first. */
class ContendedTable extends Table {
  readonly #tried = new Set<string>();

  override updateItem(): ReturnType<Table['updateItem']> {
    return this.#write('updateItem');
  }

  override deleteItem(): ReturnType<Table['deleteItem']> {
    return this.#write('deleteItem');
  }

  override transactWriteItems(): ReturnType<Table['transactWriteItems']> {
    return this.#write('transactWriteItems');
  }

  async #write(kind: string): Promise<{ Attributes: { shard: { N: string } }; $metadata: object }> {
    if (!this.#tried.has(kind)) {
      this.#tried.add(kind);
      throw Object.assign(new Error('conflict'), { name: 'TransactionConflictException' });
    }
    return { Attributes: { shard: { N: '0' } }, $metadata: {} };
  }
}

const writes: Readonly<Record<string, (sockets: DynamoDbSockets, deadline: number) => Promise<unknown>>> = {
  'a mark': (sockets, deadline) => sockets.mark(0, 'c', Date.now(), deadline),
  'an ended subscription': (sockets, deadline) => sockets.remove('c', '1', deadline),
  'a renewal': (sockets, deadline) => sockets.renew(0, { holder: 'r', now: 0, until: 1 }, [], deadline),
  'a closed connection': (sockets, deadline) => sockets.forget('c', null, deadline),
  'another that leaves': (sockets, deadline) => sockets.leave('c', 0, deadline),
};

for (const [name, write] of Object.entries(writes)) {
  test(`${name} is written though a connection is leaving the shard just then`, async () => {
    await assert.doesNotReject(write(new DynamoDbSockets(new ContendedTable('table')), Date.now() + 60_000));
  });
}
