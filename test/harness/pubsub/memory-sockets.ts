import type { SocketSubscription } from '../../../lib/sockets/socket-subscription.ts';
import type { KeptSubscription, ReaderStore, Shard, ShardLease } from '../../../lib/sockets/store.ts';

interface KeptConnection {
  lease: number;
  subscriptions: KeptSubscription[];
}

/** An ordinary subscription. */
export const subscriptionOf = (sequence: string): SocketSubscription => ({
  ...{ sequence, form: 'json', topics: ['t'], filters: [], isolation: 'read_committed', keyAsText: false, valueAsText: false },
  subscriber: { caller: { principal: null, grants: null, expiresAt: null }, sourceAddress: '', passing: false },
  requestId: 'r',
});

/** WebSocket subscriptions of one shard in memory, with the behaviour of the table. */
export class MemorySockets implements ReaderStore {
  readonly connections = new Map<string, KeptConnection>();
  /** The errors of the next calls. */
  failures: Error[] = [];
  holder: string | null = null;
  until = 0;
  #number = 0;
  #changes = new Set<string>();
  #marks = 0;
  #isLeaving = false;

  /** Adds or replaces a connection with subscriptions, and marks it. */
  put(connection: string, ...subscriptions: KeptSubscription[]): void {
    this.connections.set(connection, { lease: 0, subscriptions });
    this.mark(connection);
  }

  mark(connection: string): void {
    this.#changes.add(`${connection} ${++this.#marks}`);
  }

  async take(_shard: number, { holder, now, until }: ShardLease): Promise<Shard | null> {
    this.#fail();
    if (this.connections.size === 0 || (this.holder !== null && this.until > now)) return null;
    Object.assign(this, { holder, until });
    this.#number++;
    return this.#shard();
  }

  async renew(_shard: number, { holder, until }: ShardLease, seen: readonly string[]): Promise<Shard | null> {
    this.#fail();
    if (this.holder !== holder) return null;
    this.until = until;
    for (const mark of seen) this.#changes.delete(mark);
    return this.#shard();
  }

  async release(_shard: number, holder: string, ifEmpty: boolean): Promise<boolean> {
    this.#fail();
    if (this.holder !== holder || (ifEmpty && this.connections.size > 0)) return false;
    this.holder = null;
    return true;
  }

  async takeUp(connection: string, number: number): Promise<readonly KeptSubscription[] | null> {
    this.#fail();
    const kept = this.connections.get(connection);
    if (kept === undefined) return [];
    if (kept.lease > number) return null;
    kept.lease = number;
    return kept.subscriptions;
  }

  async save(connection: string, number: number, one: KeptSubscription): Promise<void> {
    this.#fail();
    const kept = this.connections.get(connection);
    if (kept?.lease !== number) return;
    kept.subscriptions = kept.subscriptions.map((another) => (another.id === one.id ? { ...one, given: another.given } : another));
  }

  async end(connection: string, { id }: KeptSubscription): Promise<void> {
    const kept = this.connections.get(connection);
    if (kept !== undefined) kept.subscriptions = kept.subscriptions.filter((one) => one.id !== id);
    this.mark(connection);
  }

  async leave(connection: string): Promise<void> {
    if (this.#isLeaving) throw Object.assign(new Error('conflict'), { name: 'TransactionCanceledException' });
    this.#isLeaving = true;
    await new Promise(setImmediate);
    this.#isLeaving = false;
    if (this.connections.get(connection)?.subscriptions.length === 0) this.connections.delete(connection);
    else if (this.connections.has(connection)) this.mark(connection);
  }

  async forget(connection: string): Promise<void> {
    this.connections.delete(connection);
  }

  #shard(): Shard {
    return { number: this.#number, connections: [...this.connections.keys()], changes: [...this.#changes] };
  }

  #fail(): void {
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
  }
}
