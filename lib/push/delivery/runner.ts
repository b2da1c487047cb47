import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { GatewayError } from '../../errors.ts';
import { log } from '../../telemetry/log.ts';
import type { Around } from '../attempt/attempt.ts';
import { authorizationOf } from '../attempt/authorization.ts';
import type { Post } from '../attempt/post.ts';
import type { TargetSecrets } from '../attempt/target-secrets.ts';
import type { Lease, Leased, SubscriptionStore } from '../subscription/store.ts';
import type { Subscription } from '../subscription/subscription.ts';
import { Deliverer } from './deliverer.ts';
import type { RecordLog } from './record-log.ts';
import type { Tally } from './tally.ts';

/** What a process needs to deliver. */
export interface RunnerTools {
  readonly store: SubscriptionStore;
  readonly post: Post;
  readonly clock: Clock;
  readonly around?: Around | undefined;
  /** Where deliveries are counted. */
  readonly tally: Tally;
  /** Each commit notes the number of the lease. */
  readonly logOf: (subscription: Subscription, lease: number) => RecordLog & OffsetKeeper;
  readonly secretsOf: (subscription: Subscription) => TargetSecrets;
  /** Whether the subscription's owner may receive records of a topic now. */
  readonly mayDeliver: (subscription: Subscription, topic: string) => boolean;
  /** How long a lease lasts without a renewal, in milliseconds; by default 10 s. */
  readonly leaseMs?: number;
}

/** Commits offsets again that would otherwise expire, because no delivery commits them. */
export interface OffsetKeeper {
  /** Sends nothing after the lease ends (`heldUntil`, Unix milliseconds). */
  refresh(heldUntil: number): Promise<void>;
}

const LEASE_MS = 10_000;
/** A lease is renewed after the first part of its time, and not relied on after the second, as the clocks of processes differ. */
const RENEWED_AFTER = 0.3;
const UNSURE_AFTER = 0.9;
const STORE_MS = 3000;
/** The pause after a run that failed. */
const AFTER_FAILURE_MS = 5000;
/** By default, brokers delete the offsets of a group a week after its last commit. */
const REFRESH_AFTER_MS = 24 * 3600_000;

/** Delivers all subscriptions that no other process delivers. */
export class Runner {
  readonly #tools: RunnerTools;
  readonly #holder = randomUUID();
  readonly #running = new Map<string, Promise<void>>();
  readonly #restAt = new Map<string, number>();
  /** Subscriptions that are not active and whose offsets this process has checked. */
  readonly #refreshed = new Set<string>();
  readonly #over = new AbortController();

  constructor(tools: RunnerTools) {
    this.#tools = tools;
  }

  /**
   * Delivers until a time (Unix milliseconds), then waits for the deliveries in flight, which takes as long as an endpoint may take.
   *
   * @param whileIdle false: returns as soon as nothing is left to do before that time
   * @param wanted which subscriptions to deliver; by default all
   */
  async run(until: number, whileIdle: boolean, wanted: (subscription: Subscription) => boolean = () => true): Promise<void> {
    const { clock } = this.#tools;
    const renewing = this.#renewAll();
    do {
      for (const subscription of await this.#list()) {
        const { name, state } = subscription;
        const rests = clock.now() < (this.#restAt.get(name) ?? 0);
        if (this.#running.has(name) || rests || !wanted(subscription)) continue;
        const work = state === 'active' ? this.#deliver(subscription, until, whileIdle) : this.#keepOffsets(subscription);
        this.#running.set(
          name,
          work.finally(() => this.#running.delete(name)),
        );
      }
      if (!whileIdle) break;
      await clock.wait(Math.min(this.#leaseMs, Math.max(1, until - clock.now())), this.#over.signal);
    } while (clock.now() < until);
    while (this.#running.size > 0) await Promise.all(this.#running.values());
    this.#over.abort();
    await renewing;
  }

  async #list(): Promise<Subscription[]> {
    try {
      return await this.#tools.store.list(Date.now() + STORE_MS);
    } catch (error) {
      log.error('subscriptions_unavailable', 'The subscriptions cannot be read from the table', { error });
      return [];
    }
  }

  /** The leases that this process holds and renews. */
  readonly #held = new Map<string, Held>();

  async #renewAll(): Promise<void> {
    const { clock } = this.#tools;
    while (!this.#over.signal.aborted) {
      await clock.wait(this.#leaseMs * RENEWED_AFTER, this.#over.signal);
      await Promise.all([...this.#held.values()].map((held) => this.#renew(held)));
    }
  }

  async #renew(held: Held): Promise<void> {
    const { store } = this.#tools;
    const lease = this.#lease();
    try {
      const leased = await store.renew(held.name, lease, Date.now() + STORE_MS);
      if (leased === null) held.until = 0;
      else held.until = this.#surelyUntil(lease);
      if (leased !== null && leased.subscription.version !== held.version) held.stop();
    } catch (error) {
      log.warn('lease_unsure', 'The lease of a subscription cannot be renewed at the moment', { subscription: held.name, error });
    }
  }

  #lease(): Lease {
    const now = this.#tools.clock.now();
    return { holder: this.#holder, now, until: now + this.#leaseMs };
  }

  get #leaseMs(): number {
    return this.#tools.leaseMs ?? LEASE_MS;
  }

  #surelyUntil({ now }: Lease): number {
    return now + this.#leaseMs * UNSURE_AFTER;
  }

  async #deliver({ name }: Subscription, until: number, whileIdle: boolean): Promise<void> {
    const { store, clock } = this.#tools;
    try {
      for (let again = true; again; ) {
        const lease = this.#lease();
        const leased = await store.lease(name, 'active', lease, Date.now() + STORE_MS);
        if (leased === null) return;
        const end = await this.#deliverLeased(leased, lease, until, whileIdle);
        await store.release(name, this.#holder, Date.now() + STORE_MS);
        again = end === 'replayed' || (end === 'changed' && clock.now() < until);
      }
    } catch (error) {
      this.#restAt.set(name, clock.now() + AFTER_FAILURE_MS);
      const event = error instanceof GatewayError && error.status < 500 ? 'subscription_stalled' : 'delivery_unsaved';
      log.error(event, 'A subscription cannot be delivered for the moment', { subscription: name, error });
    }
  }

  async #deliverLeased({ subscription, number }: Leased, lease: Lease, until: number, whileIdle: boolean) {
    const { store, post, clock, tally, around, logOf, secretsOf, mayDeliver } = this.#tools;
    const { name, version } = subscription;
    const notes = await store.notes(name, Date.now() + STORE_MS);
    const secrets = secretsOf(subscription);
    let isChanged = false;
    const held: Held = {
      ...{ name, version, until: this.#surelyUntil(lease) },
      stop() {
        isChanged = true;
        deliverer.stop();
      },
    };
    const deliverer = new Deliverer(subscription, logOf(subscription, number), notes, {
      ...{ post, secrets, authorization: authorizationOf(secrets, post, clock.now), now: clock.now, clock, tally, around },
      heldUntil: () => held.until,
      note: (news) => store.note(name, news, Date.now() + STORE_MS),
      disable: (reason) => this.#change(subscription, { state: 'disabled', reason }),
      endReplay: () => this.#change(subscription, { replay: null }),
      mayDeliver: (topic) => mayDeliver(subscription, topic),
    });
    this.#held.set(name, held);
    try {
      const end = await deliverer.run(until, whileIdle);
      return isChanged ? 'changed' : end;
    } finally {
      this.#held.delete(name);
    }
  }

  /** If a caller changes the subscription at the same time, the caller wins; the next run reads the new state. */
  async #change(subscription: Subscription, change: Partial<Subscription>): Promise<void> {
    const { store, clock } = this.#tools;
    const { version } = subscription;
    try {
      await store.write({ ...subscription, ...change, version: version + 1, updatedAt: clock.now() }, version, Date.now() + STORE_MS);
    } catch (error) {
      log.error('subscriptions_unavailable', 'A subscription cannot be changed in the table', { subscription: subscription.name, error });
    }
  }

  /** Under a lease: the subscription may become active meanwhile, and another process commit further. */
  async #keepOffsets(subscription: Subscription): Promise<void> {
    const { store, clock, logOf } = this.#tools;
    const { name, state } = subscription;
    if (this.#refreshed.has(name)) return;
    this.#refreshed.add(name);
    try {
      const { committedAt } = await store.notes(name, Date.now() + STORE_MS);
      if (clock.now() - Math.max(committedAt, subscription.createdAt) < REFRESH_AFTER_MS) return;
      const lease = this.#lease();
      const leased = await store.lease(name, state, lease, Date.now() + STORE_MS);
      if (leased === null) return;
      const heldUntil = this.#surelyUntil(lease);
      await logOf(leased.subscription, leased.number).refresh(heldUntil);
      // Another process may have delivered, and noted it, before this one got the lease.
      const notes = await store.notes(name, Date.now() + STORE_MS);
      await store.note(name, { ...notes, committedAt: clock.now() }, Math.min(Date.now() + STORE_MS, heldUntil));
      await store.release(name, this.#holder, Date.now() + STORE_MS);
    } catch (error) {
      log.warn('delivery_unsaved', 'The offsets of an idle subscription cannot be committed again', { subscription: name, error });
    }
  }
}

interface Held {
  readonly name: string;
  readonly version: number;
  /** Until when the lease is certain, in Unix milliseconds. */
  until: number;
  stop(): void;
}
