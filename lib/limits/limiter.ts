import { randomBytes } from 'node:crypto';
import type { ErrorDetails, GatewayError } from '../errors.ts';
import { aboveLimit, limitReached, limitReachedInWords, tooManyTopicsToCount } from '../messages/limits.ts';
import { isEmpty } from './bucket.ts';
import { type Counts, expiredNames } from './counts.ts';
import { type CountTable, Ledger, type WriteResult } from './ledger.ts';
import { charge, delayOf, type Moment, mostRestrictive, type Standing, standingOf, waitFor } from './meter.ts';
import { parseRules } from './parse-rules.ts';
import { capacityOf, describeLimit, lifetimeMs, type Rule } from './rule.ts';
import { Seen } from './seen.ts';
import { countAnew, leasedAt, renewLease, returnLease, type SlottedRule } from './slots.ts';
import { Update } from './update.ts';
import { type Charge, chargesOf, type Use } from './use.ts';

/** The answer of the limits to a request. */
export type Decision = Admission | Denial;

export interface Admission {
  admitted: true;
  /** Of the most restrictive rule. */
  standing: Standing;
  /** For how long, in milliseconds, the request has to wait before it goes on. */
  delayMs: number;
  /** To be called when the request has been served: gives back what concurrency counts. Rejects when that failed; then it expires. */
  finish(): Promise<void>;
  /**
   * To be called every {@link RENEW_MS} while a request lasts longer than others do: what concurrency counts does not expire then. Rejects
   * when that failed; then it is to be called again.
   */
  renew(): Promise<void>;
}

/** Less than half of the time after which what concurrency counts expires by itself. */
export const RENEW_MS = 12_000;

export interface Denial {
  admitted: false;
  /** Of the rule that refuses. */
  standing: Standing;
  /** Makes the error, which says which limit it was, unless the rule has words of its own. */
  error(details: ErrorDetails): GatewayError;
  /** Until the request passes, if nobody else comes first; null: never, as it asks for more than can be had at once. */
  retryMs: number | null;
}

/** The most items that DynamoDB writes in one transaction. */
const MAX_ITEMS = 100;
/** The longest wait for DynamoDB. */
const PATIENCE_MS = 2000;
/** The longest wait for it after the deadline of a request, out of the time that is kept back for the answer. */
const LAST_PATIENCE_MS = 250;
/** Tries for a bucket whose level was not as expected: a second one, and more when other uses get in between. */
const ATTEMPTS = 5;
const ITEMS_SEEN = 2000;
/** For so long, callers are told the counts that were last seen. */
const FRESH_MS = 1000;
/** Of expired counts, an update takes some along; what is beyond that is cleared away beside it. */
const CLEARED_ALONG = 30;
const CLEARED_BESIDE = 90;

/** Counts the uses of a gateway against its limits, in a table that all its instances share. */
export class Limiter {
  readonly #rules: readonly Rule[];
  readonly #ledger: Ledger;
  readonly #clock: () => number;
  readonly #patienceMs: number;
  readonly #seen = new Seen(ITEMS_SEEN);
  readonly #lifetimeMs: number;

  /** @param patienceMs how long DynamoDB is waited for */
  constructor(rules: readonly Rule[], table: CountTable, clock: () => number = Date.now, patienceMs = PATIENCE_MS) {
    this.#rules = rules;
    this.#ledger = new Ledger(table);
    this.#clock = clock;
    this.#patienceMs = patienceMs;
    this.#lifetimeMs = Math.max(0, ...rules.map(lifetimeMs));
  }

  /**
   * Counts a use, unless a rule refuses it: then none counts it. Null when no rule applies.
   *
   * @param deadline when the request must have been answered, in Unix milliseconds
   * @throws what the AWS SDK throws when DynamoDB does not do its part
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

  /** A refusal by counts seen before: what others have counted since can only add to them, except for concurrency, which gives back. */
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
    // DynamoDB deletes it some time after that.
    update.set('expiresAt', Math.ceil((moment.now + this.#lifetimeMs) / 1000) + 3600);
    for (const name of expiredNames(counts, moment.now).slice(0, CLEARED_ALONG)) update.remove(name);
    return update;
  }

  #see(pk: string, counts: Counts, { now }: Moment): void {
    this.#seen.set(pk, { counts, at: now, filledByOthers: this.#seen.get(pk)?.filledByOthers ?? false });
  }

  /** A bucket was not what it was thought to be: so it may be the next time. */
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
    // Awaited in the end only: until then a failure must not pass for one that nobody waits for.
    const clearing = Promise.allSettled(cleared);
    let leased = moment;
    let renewing = Promise.resolve();
    let isOver = false;
    const renew = async (): Promise<void> => {
      if (isOver) return;
      // A clock that was put back has a use last as long as it did.
      const now = Math.max(this.#clock(), leased.now);
      const renewed = { ...leased, now, deadline: now + this.#patienceMs };
      renewing = Promise.all([...charges].map(([pk, some]) => this.#renewLeases(pk, some, leased, renewed))).then(() => {
        leased = renewed;
      });
      await renewing;
    };
    const finish = async (): Promise<void> => {
      isOver = true;
      await renewing.catch(() => {}); // who renews is told
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
    // Another nonce, as the write is another one than that which made the lease.
    const write = (update: Update, by: string): Promise<WriteResult> => {
      update.set('expiresAt', Math.ceil((renewed.now + this.#lifetimeMs) / 1000) + 3600);
      return this.#ledger.write(new Map([[pk, update]]), { nonce: `${nonce}.${by}`, deadline: this.#untilAnswered(renewed) });
    };
    const update = new Update();
    const renewals = rules.map((rule) => renewLease(update, rule, nonce, now, renewed.now));
    if (!renewals.includes(true)) return;
    const { written, counts } = await write(update, String(renewed.now));
    if (written) return;
    // The answer to the last renewal was lost, or there was none for so long that others have cleared the lease away.
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
    // Only a renewal whose answer was lost has left one.
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
 * @throws {Error} that names what is wrong with the rules; see `parseRules`
 */
export const openLimiter = (rules: string, table: CountTable): Limiter => new Limiter(parseRules(rules), table);

const concurrencyOf = (charges: readonly Charge[]): SlottedRule[] =>
  charges.flatMap(({ rule }) => (rule.kind === 'concurrency' ? [rule] : []));

type Charges = ReadonlyMap<string, readonly Charge[]>;

/** The refusal that lasts longest, judging by some of the counts; null when all of them admit what is asked. */
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
