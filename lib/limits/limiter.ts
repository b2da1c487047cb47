import { randomBytes } from 'node:crypto';
import { BoundedMap } from '../bounded-map.ts';
import type { ErrorDetails, GatewayError } from '../errors.ts';
import { aboveLimit, limitReached, limitReachedInWords, tooManyTopicsToCount } from '../messages/limits.ts';
import { isEmpty } from './bucket.ts';
import { type Counts, expiredNames } from './counts.ts';
import { type CountTable, Ledger, type WriteResult } from './ledger.ts';
import { charge, delayOf, type Moment, mostRestrictive, type Standing, standingOf, waitFor } from './meter.ts';
import { parseRules } from './parse-rules.ts';
import { capacityOf, describeLimit, lifetimeMs, type Rule } from './rule.ts';
import { countAnew, leasedAt, renewLease, returnLease, type SlottedRule } from './slots.ts';
import { Update } from './update.ts';
import { type Charge, chargesOf, type Use } from './use.ts';

/** What the limits decide about a request. */
export type Decision = Admission | Denial;

export interface Admission {
  admitted: true;
  /** The standing of the most restrictive rule. */
  standing: Standing;
  /** How long the request has to wait before it continues, in milliseconds. */
  delayMs: number;
  /** Call it when the request is done: returns its concurrency leases. Rejects on failure; then they expire. */
  finish(): Promise<void>;
  /** Call it every {@link RENEW_MS} during a long request, to keep its concurrency leases. Rejects on failure; then call it again. */
  renew(): Promise<void>;
}

/** Less than half of a concurrency lease. */
export const RENEW_MS = 12_000;

export interface Denial {
  admitted: false;
  /** The standing of the rule that refuses. */
  standing: Standing;
  /** Makes the error, which names the limit unless the rule has its own message. */
  error(details: ErrorDetails): GatewayError;
  /** Milliseconds until the request passes, if nobody else comes first; null for never: it asks for more than the limit allows at once. */
  retryMs: number | null;
}

/** The most items in one DynamoDB transaction. */
const MAX_ITEMS = 100;
/** The longest wait for DynamoDB. */
const PATIENCE_MS = 2000;
/** The longest wait for DynamoDB after a request's deadline, out of the time reserved for the response. */
const LAST_PATIENCE_MS = 250;
/** How often to try when a bucket's level was not as expected: twice, and more if other uses get in between. */
const ATTEMPTS = 5;
const ITEMS_SEEN = 2000;
/** For how long callers may get counts that were seen before. */
const FRESH_MS = 1000;
/** An update also removes this many expired counts; a separate update removes more. */
const CLEARED_ALONG = 30;
const CLEARED_BESIDE = 90;

/** The counts of an item as this instance last saw them. Other instances may have counted since. */
interface Sighting {
  counts: Counts;
  /** Unix milliseconds. */
  at: number;
  /** Whether a bucket was last found not empty against expectation: other instances use it too. */
  filledByOthers: boolean;
}

/** Counts uses against limits, in a table that all instances of the gateway share. */
export class Limiter {
  readonly #rules: readonly Rule[];
  readonly #ledger: Ledger;
  readonly #clock: () => number;
  readonly #patienceMs: number;
  readonly #seen = new BoundedMap<string, Sighting>(ITEMS_SEEN);
  readonly #lifetimeMs: number;

  /** @param patienceMs the longest wait for DynamoDB */
  constructor(rules: readonly Rule[], table: CountTable, clock: () => number = Date.now, patienceMs = PATIENCE_MS) {
    this.#rules = rules;
    this.#ledger = new Ledger(table);
    this.#clock = clock;
    this.#patienceMs = patienceMs;
    this.#lifetimeMs = Math.max(0, ...rules.map(lifetimeMs));
  }

  /**
   * Counts a use, unless a rule refuses it: then no rule counts it. Null when no rule applies.
   *
   * @param deadline by when the request must be answered, in Unix milliseconds
   * @throws what the AWS SDK throws when DynamoDB fails
   */
  async admit(use: Use, deadline: number): Promise<Decision | null> {
    const charges = chargesOf(this.#rules, use);
    if (charges.size === 0) return null;
    const moment = { now: this.#clock(), deadline, nonce: randomBytes(6).toString('base64url') };
    return this.#impossible(charges, moment) ?? this.#knownRefusal(charges, moment) ?? (await this.#count(charges, moment));
  }

  #impossible(charges: Charges, moment: Moment): Denial | null {
    for (const [pk, some] of charges) {
      const tooMuch = some.find(({ rule, cost }) => cost > capacityOf(rule));
      if (tooMuch !== undefined) {
        const { rule, cost } = tooMuch;
        return refusal(rule, this.#known(pk), moment, null, (details) => aboveLimit.with(details, cost, rule.of, describeLimit(rule)));
      }
      if (charges.size > MAX_ITEMS) {
        return refusal(some[0].rule, this.#known(pk), moment, null, (details) => tooManyTopicsToCount.with(details, MAX_ITEMS));
      }
    }
    return null;
  }

  /** Refuses by counts seen before: other instances can only have added to them. Concurrency is excluded: its counts also fall. */
  #knownRefusal(charges: Charges, moment: Moment): Denial | null {
    const known = new Map([...charges.keys()].map((pk) => [pk, this.#known(pk)]));
    return refusalBy(charges, known, moment, ({ rule }) => rule.kind !== 'concurrency');
  }

  #known = (pk: string): Counts => this.#seen.get(pk)?.counts ?? {};

  async #count(charges: Charges, moment: Moment): Promise<Decision> {
    const deadline = Date.now() + Math.min(moment.deadline - moment.now, this.#patienceMs);
    const read = [...charges.keys()].filter((pk) => (this.#seen.get(pk)?.at ?? 0) < moment.now - FRESH_MS);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const updates = new Map([...charges].map(([pk, some]) => [pk, this.#update(pk, some, moment, attempt === 1)]));
      const { written, counts } = await this.#ledger.write(updates, { nonce: moment.nonce, deadline, read, known: this.#known });
      for (const [pk, found] of counts) this.#see(pk, found, moment);
      if (written) return this.#admission(charges, counts, moment);
      const refused = refusalBy(charges, counts, moment);
      if (refused !== null) return refused;
      for (const [pk, found] of counts) this.#learn(pk, found, charges.get(pk) ?? [], moment);
    }
    throw new Error(`The counts were others at each of ${ATTEMPTS} attempts`);
  }

  #update(pk: string, charges: readonly Charge[], moment: Moment, isGuess: boolean): Update {
    const update = new Update();
    const { counts = {}, filledByOthers = false } = this.#seen.get(pk) ?? {};
    for (const one of charges) charge(update, one, counts, moment, isGuess && filledByOthers);
    // DynamoDB deletes the item some time after that.
    update.set('expiresAt', Math.ceil((moment.now + this.#lifetimeMs) / 1000) + 3600);
    for (const name of expiredNames(counts, moment.now).slice(0, CLEARED_ALONG)) update.remove(name);
    return update;
  }

  #see(pk: string, counts: Counts, { now }: Moment): void {
    this.#seen.set(pk, { counts, at: now, filledByOthers: this.#seen.get(pk)?.filledByOthers ?? false });
  }

  /** The level of a bucket was not as expected: expect the same the next time. */
  #learn(pk: string, counts: Counts, charges: readonly Charge[], { now }: Moment): void {
    const filledByOthers = charges.some(({ rule }) => rule.kind === 'leaky-bucket' && !isEmpty(rule, counts, now));
    this.#seen.set(pk, { counts, at: now, filledByOthers });
  }

  #admission(charges: Charges, counts: ReadonlyMap<string, Counts>, moment: Moment): Admission {
    const standings: Standing[] = [];
    let delayMs = 0;
    const cleared: Promise<unknown>[] = [];
    for (const [pk, some] of charges) {
      const found = counts.get(pk) ?? {};
      for (const one of some) {
        standings.push(standingOf(one.rule, found, moment));
        delayMs = Math.max(delayMs, delayOf(one, found, moment));
      }
      const expired = expiredNames(found, moment.now);
      if (expired.length > CLEARED_ALONG) cleared.push(this.#clear(pk, expired.slice(0, CLEARED_BESIDE), moment));
    }
    // Awaited only in `finish`: until then, a failure must not become an unhandled rejection.
    const clearing = Promise.allSettled(cleared);
    let leased = moment;
    let renewing = Promise.resolve();
    let isOver = false;
    const renew = async (): Promise<void> => {
      if (isOver) return;
      // If the clock was set back, a lease must not become shorter.
      const now = Math.max(this.#clock(), leased.now);
      const renewed = { ...leased, now, deadline: now + this.#patienceMs };
      renewing = Promise.all([...charges].map(([pk, some]) => this.#renewLeases(pk, some, leased, renewed))).then(() => {
        leased = renewed;
      });
      await renewing;
    };
    const finish = async (): Promise<void> => {
      isOver = true;
      await renewing.catch(() => {}); // `renew` reports its failure itself
      const returned = [...charges].map(([pk, some]) => this.#returnLeases(pk, some, leased));
      const results = [...(await clearing), ...(await Promise.allSettled(returned))];
      const failed = results.filter((result) => result.status === 'rejected');
      if (failed.length > 0) throw failed[0].reason;
    };
    return { admitted: true, standing: mostRestrictive(standings), delayMs, finish, renew };
  }

  #clear(pk: string, names: readonly string[], moment: Moment): Promise<unknown> {
    const { nonce } = moment;
    const update = new Update();
    update.ifExists('pk');
    for (const name of names) update.remove(name);
    return this.#ledger.write(new Map([[pk, update]]), { nonce, deadline: this.#untilAnswered(moment) });
  }

  async #renewLeases(pk: string, charges: readonly Charge[], { now, nonce }: Moment, renewed: Moment): Promise<void> {
    const rules = concurrencyOf(charges);
    // A nonce of its own, because it is another write than the one that made the lease.
    const write = (update: Update, by: string): Promise<WriteResult> => {
      update.set('expiresAt', Math.ceil((renewed.now + this.#lifetimeMs) / 1000) + 3600);
      return this.#ledger.write(new Map([[pk, update]]), { nonce: `${nonce}.${by}`, deadline: this.#untilAnswered(renewed) });
    };
    const update = new Update();
    const renewals = rules.map((rule) => renewLease(update, rule, nonce, now, renewed.now));
    if (!renewals.includes(true)) return;
    const { written, counts } = await write(update, String(renewed.now));
    if (written) return;
    // The response to the last renewal was lost, or no renewal came for so long that another instance has removed the expired lease.
    const again = new Update();
    const left = rules.map((rule) => {
      const at = leasedAt(rule, counts.get(pk) ?? {}, nonce);
      return at === null ? countAnew(again, rule, nonce, renewed.now) : renewLease(again, rule, nonce, at, renewed.now);
    });
    if (left.includes(true)) await write(again, `${renewed.now}.again`);
  }

  async #returnLeases(pk: string, charges: readonly Charge[], moment: Moment): Promise<void> {
    const { now, nonce } = moment;
    const rules = concurrencyOf(charges);
    if (rules.length === 0) return;
    const deadline = this.#untilAnswered(moment);
    const update = new Update();
    for (const rule of rules) returnLease(update, rule, nonce, now, this.#clock());
    const { written, counts } = await this.#ledger.write(new Map([[pk, update]]), { nonce, deadline });
    if (written) return;
    const left = rules.flatMap((rule) => {
      const at = leasedAt(rule, counts.get(pk) ?? {}, nonce);
      return at === null ? [] : [{ rule, at }];
    });
    // A lease is left only if the response to a renewal was lost.
    if (left.length === 0) return;
    const again = new Update();
    for (const { rule, at } of left) returnLease(again, rule, nonce, at, this.#clock());
    await this.#ledger.write(new Map([[pk, again]]), { nonce, deadline });
  }

  #untilAnswered({ deadline }: Moment): number {
    return Date.now() + Math.max(LAST_PATIENCE_MS, Math.min(deadline - this.#clock(), this.#patienceMs));
  }
}

/**
 * The limiter of a configuration.
 *
 * @throws {Error} with the mistake in the rules; see `parseRules`
 */
export const openLimiter = (rules: string, table: CountTable): Limiter => new Limiter(parseRules(rules), table);

const concurrencyOf = (charges: readonly Charge[]): SlottedRule[] =>
  charges.flatMap(({ rule }) => (rule.kind === 'concurrency' ? [rule] : []));

type Charges = ReadonlyMap<string, readonly Charge[]>;

/** The refusal with the longest wait, by the counts of some items; null when all of them admit the request. */
function refusalBy(
  charges: Charges,
  counts: ReadonlyMap<string, Counts>,
  moment: Moment,
  isCertain: (charge: Charge) => boolean = () => true,
): Denial | null {
  let longest: { one: Charge; found: Counts; retryMs: number } | null = null;
  for (const [pk, found] of counts) {
    for (const one of charges.get(pk) ?? []) {
      const retryMs = isCertain(one) ? waitFor(one, found, moment) : 0;
      if (retryMs > (longest?.retryMs ?? 0)) longest = { one, found, retryMs };
    }
  }
  if (longest === null) return null;
  const { one, found, retryMs } = longest;
  const { rule } = one;
  const { message } = rule.refusal;
  return refusal(rule, found, moment, retryMs, (details) =>
    message === null
      ? limitReached.with(details, describeLimit(rule), Math.ceil(retryMs / 1000))
      : limitReachedInWords.with(details, message),
  );
}

const refusal = (rule: Rule, counts: Counts, moment: Moment, retryMs: number | null, error: Denial['error']): Denial => ({
  admitted: false,
  standing: standingOf(rule, counts, moment),
  error,
  retryMs,
});
