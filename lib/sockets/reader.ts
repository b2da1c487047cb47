import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { log } from '../telemetry/log.ts';
import type { Connections } from './connections.ts';
import { Credit } from './credit.ts';
import { leaveInTurn } from './leave-in-turn.ts';
import type { SocketSubscription } from './socket-subscription.ts';
import { connectionOf, type KeptSubscription, type ReaderStore, type Shard, type ShardLease } from './store.ts';

/** What a reader needs. */
export interface ReaderTools {
  readonly store: ReaderStore;
  readonly connections: Connections;
  readonly clock: Clock;
  /** Sends the records of a subscription from a cursor on, until something ends it. Never rejects. */
  readonly push: (
    subscription: SocketSubscription,
    cursor: string,
    tools: { credit: Credit; send: (text: string) => Promise<boolean>; moved: (cursor: string) => void; stop: AbortSignal },
  ) => Promise<'stopped' | 'gone' | 'failed'>;
}

/** Why a reader ended. `held`: another reader has the shard, or it has no connections; `empty`: all connections have left; `time`. */
export type ReaderEnd = 'held' | 'empty' | 'time';

/** How long a shard stays with its reader without a renewal. */
const LEASE_MS = 10_000;
/** How much of the lease a reader relies on, as the clocks of processes differ. */
const SURE_MS = 9000;
/** How often a reader renews its lease and looks for changes. */
const LOOK_MS = 1000;
const STORE_MS = 3000;
/** How long a reader that ends waits for its pushes to end. */
const STOP_MS = 10_000;

/** A subscription whose records are being sent. */
interface Pushing {
  readonly kept: KeptSubscription;
  readonly credit: Credit;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  isOver: boolean;
  /** The position after what was sent, and how many records that were. */
  cursor: string;
  sent: number;
  /** The last cursor that was saved. */
  saved: string;
}

/** Reads Kafka for the connections of a shard and sends them their records, while it holds the shard's lease. */
export class SocketReader {
  readonly #tools: ReaderTools;
  readonly #shard: number;
  readonly #holder = randomUUID();
  readonly #connections = new Map<string, Map<string, Pushing>>();
  /** Connections to look at in the next round: their items could not be read, or the lease ended while records were sent to them. */
  readonly #again = new Set<string>();
  readonly #idle = new AbortController().signal;
  #number = 0;
  /** Until when the lease is certain, in Unix milliseconds. */
  #surelyUntil = 0;

  constructor(shard: number, tools: ReaderTools) {
    this.#shard = shard;
    this.#tools = tools;
  }

  /** Reads until a time (Unix milliseconds), then saves its positions. @throws when the table is not available until then, or at the end */
  async run(until: number): Promise<ReaderEnd> {
    const { store, clock } = this.#tools;
    let shard = await this.#take(until);
    if (shard === null) return 'held';
    for (;;) {
      await this.#follow(shard);
      await this.#save();
      if (clock.now() >= until) break;
      if (shard.connections.length === 0 && (await this.#isDone())) return 'empty';
      shard = await this.#renew(shard, until);
      if (shard === null) {
        await this.#stopAll();
        return 'held';
      }
    }
    await this.#stopAll();
    await this.#save();
    try {
      await store.release(this.#shard, this.#holder, false, this.#deadline);
    } catch (error) {
      this.#unavailable(error);
      throw error;
    }
    return 'time';
  }

  /**
   * Takes the shard, and tries until a time (Unix milliseconds) while the table is not available: clients that only receive wake no reader.
   *
   * @returns null when another reader has the shard, or it has no connections
   */
  async #take(until: number): Promise<Shard | null> {
    const { store, clock } = this.#tools;
    for (;;) {
      const lease = this.#lease();
      try {
        const shard = await store.take(this.#shard, lease, this.#deadline);
        this.#number = shard?.number ?? 0;
        this.#surelyUntil = lease.now + SURE_MS;
        return shard;
      } catch (error) {
        this.#unavailable(error);
        if (clock.now() + LOOK_MS >= until) throw error;
        await clock.wait(LOOK_MS, this.#idle);
      }
    }
  }

  /**
   * Renews the lease, and tries until a time (Unix milliseconds) while the table is not available: if the lease has ended by then, nothing
   * is sent, and another reader may take the shard.
   *
   * @returns null when another reader has the shard
   */
  async #renew(before: Shard, until: number): Promise<Shard | null> {
    const { store, clock } = this.#tools;
    for (;;) {
      await clock.wait(Math.max(1, Math.min(LOOK_MS, until - clock.now())), this.#idle);
      const lease = this.#lease();
      try {
        const shard = await store.renew(this.#shard, lease, before.changes, this.#deadline);
        if (shard !== null) this.#surelyUntil = lease.now + SURE_MS;
        return shard;
      } catch (error) {
        this.#unavailable(error);
        if (clock.now() >= this.#surelyUntil) this.#pauseAll();
        if (clock.now() >= until) return before;
      }
    }
  }

  /** Applies the changes in the shard. What fails is tried again in the next round. */
  async #follow({ connections, changes }: Shard): Promise<void> {
    const { store, clock } = this.#tools;
    const changed = new Set([...changes.map(connectionOf), ...this.#again]);
    this.#again.clear();
    for (const connection of this.#connections.keys()) if (!connections.includes(connection)) this.#drop(connection);
    const toLookAt = connections.filter((connection) => changed.has(connection) || !this.#connections.has(connection));
    const empty = await Promise.all(toLookAt.map((connection) => this.#look(connection)));
    const leaving = toLookAt.filter((_, i) => empty[i]);
    const leave = (connection: string) => store.leave(connection, this.#shard, this.#deadline);
    const { left, error } = await leaveInTurn(leaving, leave, { clock, longestMs: LOOK_MS });
    if (error !== null) this.#unavailable(error);
    for (const connection of left) this.#again.add(connection);
  }

  /** @returns whether the connection has no subscriptions */
  async #look(connection: string): Promise<boolean> {
    const { store } = this.#tools;
    try {
      const kept = await store.takeUp(connection, this.#number, this.#deadline);
      if (kept === null) {
        this.#surelyUntil = 0;
        return false;
      }
      if (kept.length === 0) {
        this.#drop(connection);
        return true;
      }
      const pushing = this.#connections.get(connection) ?? new Map<string, Pushing>();
      this.#connections.set(connection, pushing);
      for (const [id, { stop }] of pushing) {
        if (kept.some((one) => one.id === id)) continue;
        stop.abort();
        pushing.delete(id);
      }
      for (const one of kept) {
        const known = pushing.get(one.id);
        if (known !== undefined && !known.stop.signal.aborted) {
          known.credit.giveInAll(one.given);
          continue;
        }
        if (known?.isOver === false) {
          this.#again.add(connection);
          continue;
        }
        const { cursor, sent } = known ?? one;
        pushing.set(one.id, this.#begin(connection, { ...one, cursor, sent }, one.cursor));
      }
    } catch (error) {
      this.#unavailable(error);
      this.#again.add(connection);
    }
    return false;
  }

  /** @param saved the cursor in the table, which one that begins again may have passed */
  #begin(connection: string, kept: KeptSubscription, saved: string): Pushing {
    const { push, connections } = this.#tools;
    const stop = new AbortController();
    const credit = new Credit(kept.given, kept.sent);
    const ended = Promise.withResolvers<void>();
    const position = { cursor: kept.cursor, sent: kept.sent, saved };
    const pushing: Pushing = { kept, credit, stop, ended: ended.promise, isOver: false, ...position };
    const send = async (text: string): Promise<boolean> => {
      // After that, another reader may have the shard, and sends the message. If none has, this one begins again.
      if (this.#tools.clock.now() >= this.#surelyUntil) {
        stop.abort();
        this.#again.add(connection);
      }
      return (await connections.post(connection, text, stop.signal)) === 'sent';
    };
    const moved = (cursor: string) => {
      pushing.cursor = cursor;
      pushing.sent = credit.sent;
    };
    void push(kept.subscription, kept.cursor, { credit, send, moved, stop: stop.signal })
      .then((end) => this.#ended(connection, pushing, end))
      .finally(() => {
        pushing.isOver = true;
        ended.resolve();
      });
    return pushing;
  }

  async #ended(connection: string, { kept, stop }: Pushing, end: 'stopped' | 'gone' | 'failed'): Promise<void> {
    if (end === 'stopped' || stop.signal.aborted) return;
    try {
      if (end === 'gone') await this.#forget(connection);
      else await this.#tools.store.end(connection, kept, this.#deadline);
    } catch (error) {
      this.#unavailable(error);
    }
  }

  #drop(connection: string): void {
    for (const { stop } of this.#connections.get(connection)?.values() ?? []) stop.abort();
    this.#connections.delete(connection);
  }

  async #forget(connection: string): Promise<void> {
    this.#drop(connection);
    await this.#tools.store.forget(connection, this.#shard, this.#deadline);
  }

  /** Saves the positions of subscriptions that have moved since the last time. */
  async #save(): Promise<void> {
    const moved = [...this.#connections].flatMap(([connection, pushing]) =>
      [...pushing.values()].filter(({ cursor, saved }) => cursor !== saved).map((one) => ({ connection, one })),
    );
    await Promise.all(
      moved.map(async ({ connection, one }) => {
        const { kept, cursor, sent } = one;
        try {
          await this.#tools.store.save(connection, this.#number, { ...kept, cursor, sent }, this.#deadline);
          one.saved = cursor;
        } catch (error) {
          this.#unavailable(error);
        }
      }),
    );
  }

  async #isDone(): Promise<boolean> {
    try {
      return await this.#tools.store.release(this.#shard, this.#holder, true, this.#deadline);
    } catch (error) {
      this.#unavailable(error);
      return false;
    }
  }

  /** Stops all subscriptions. The next look after a renewal begins them again. */
  #pauseAll(): void {
    for (const [connection, pushing] of this.#connections) {
      for (const { stop } of pushing.values()) stop.abort();
      this.#again.add(connection);
    }
  }

  async #stopAll(): Promise<void> {
    this.#pauseAll();
    const all = [...this.#connections.values()].flatMap((pushing) => [...pushing.values()]);
    // One that waits for a silent Kafka sends nothing any more.
    const over = new AbortController();
    await Promise.race([Promise.all(all.map(({ ended }) => ended)), this.#tools.clock.wait(STOP_MS, over.signal)]);
    over.abort();
  }

  #lease(): ShardLease {
    const now = this.#tools.clock.now();
    return { holder: this.#holder, now, until: now + LEASE_MS };
  }

  get #deadline(): number {
    return Date.now() + STORE_MS;
  }

  #unavailable(error: unknown): void {
    log.error('socket_table_unavailable', 'The subscriptions of WebSockets cannot be read or written at the moment', { error });
  }
}
