import { randomInt } from 'node:crypto';

/** When a poll arrived, in Unix milliseconds. */
export interface Arrival {
  /** By the clock of API Gateway, which tells polls of all processes apart; null if that is not known. */
  readonly arrivedAt: number | null;
  /** By the clock of this process: not before API Gateway received it, as far as that is known, and before anything was done for it. */
  readonly since: number;
}

/** How long a poll with a `poll_id` may take records. A consumer keeps one term for all of them. */
export interface Term {
  /** In milliseconds, from the arrival of a poll. */
  readonly ms: number;
  /** Another one after each renewal: polls that began before it take no more records. */
  readonly mark: number;
  /** When the latest request arrived that has set the term, taken records or moved the consumer, in Unix milliseconds; 0 if not known. */
  readonly latest: number;
  /** How much of `ms` is for a process that was too slow, beyond what a poll waits. */
  readonly slack: number;
}

/** A poll that finds records at once must not be too late for them. */
const SHORTEST_MS = 250;
/** Polls that wait until their deadlines wait for the same time, but for some milliseconds. */
const STEP_MS = 1000;
const MOST_MARKS = 2 ** 40;
/** Of a term that no poll has set: none is too late for it, and the first one without records renews it. */
const ANY_MS = 2 ** 40;

/**
 * The term after a request that moves the consumer and is no poll: polls that arrived before it, or that have begun to read, take nothing.
 *
 * @param since when the request arrived, in Unix milliseconds
 */
export function termAfter(term: Term | null, since: number): Term {
  const { ms, slack, latest } = term ?? { ms: ANY_MS, slack: 0, latest: 0 };
  return { ms, slack, mark: randomInt(MOST_MARKS), latest: Math.max(latest, since) };
}

/** Whether a request arrived before one that has moved its consumer, or taken records, by its term. False where arrivals are not known. */
export const isArrivedBefore = ({ arrivedAt }: Pick<Arrival, 'arrivedAt'>, term: Term | null): boolean =>
  arrivedAt !== null && term !== null && arrivedAt < term.latest;

/**
 * The times of one poll with a `poll_id`.
 *
 * A client that gives a poll up repeats it, while the first one may still wait in another process. If that takes records after the
 * repetition was answered without any, nobody receives them. A process cannot see that a poll is a repetition, so all of them keep a term:
 *
 * - A poll takes records that it has read within the term, unless the term was renewed since the poll began.
 * - A poll neither takes nor commits anything if one that arrived later has taken records, or set the term, before it began; nor if the
 *   consumer was moved meanwhile, by a seek, a subscription or an assignment.
 * - A poll without records that ends after the term writes nothing, as all that arrived before are too late by then. One that ends within
 *   it renews the term.
 * - A poll that is to wait for another time than the term renews it before.
 *
 * So a client costs nothing that always gives the same timeout.
 */
export class BoundedPoll {
  readonly arrivedAt: number | null;
  readonly #since: number;
  readonly #longestMs: number;

  /**
   * @param waitMs how long it was asked to wait
   * @param waitUntil until when it waits at most, which its deadline may have shortened (Unix milliseconds)
   */
  constructor({ arrivedAt, since }: Arrival, waitMs: number, waitUntil: number) {
    this.arrivedAt = arrivedAt;
    this.#since = since;
    const most = waitUntil - since;
    this.#longestMs = Math.max(SHORTEST_MS, waitMs <= most ? waitMs : most - (most % STEP_MS));
  }

  /**
   * The term to set before the poll waits; null if the present one is for polls as long as this one, or for later ones. It keeps its slack:
   * to set it takes time, so that the poll would be too late once more.
   */
  announced(term: Term | null): Term | null {
    const slack = term?.slack ?? 0;
    return term?.ms === this.#longestMs + slack || this.isOvertaken(term) ? null : this.anew(term, slack);
  }

  /** A term for polls that are as long as this one, with a mark of its own. */
  anew(term: Term | null, slack = 0): Term {
    return { ms: this.#longestMs + slack, mark: randomInt(MOST_MARKS), latest: this.#latest(term), slack };
  }

  /**
   * The term to set with what the poll stores; null to leave it.
   *
   * @param newest as it is now
   * @param renewed of {@link renewed}
   * @param isOvertaken whether another poll has set the term since this one began: the poll takes nothing then
   */
  stored(newest: Term | null, renewed: Term | null, { isOvertaken, isEmpty }: { isOvertaken: boolean; isEmpty: boolean }): Term | null {
    if (isOvertaken) return this.anew(newest);
    if (renewed !== null || isEmpty) return renewed;
    return newest === null ? this.anew(newest) : { ...newest, latest: this.#latest(newest) };
  }

  #latest(term: Term | null): number {
    return Math.max(term?.latest ?? 0, this.arrivedAt ?? 0);
  }

  /** Whether a poll that arrived later has set the term, or taken records, or another request has moved the consumer. */
  isOvertaken(term: Term | null): boolean {
    return isArrivedBefore(this, term);
  }

  /** Whether the poll arrived before a time (Unix milliseconds). False where arrivals are not known. */
  isBefore(time: number): boolean {
    return this.arrivedAt !== null && this.arrivedAt < time;
  }

  /**
   * The term to set after the poll has read; null to leave it. With records, a new term means that the poll is too late to take them.
   *
   * @param term as it was when the poll began; null if it is not known, so that polls are not too late, and none without records is the last
   * @param readAt when it read (Unix milliseconds)
   */
  renewed(term: Term | null, readAt: number, isEmpty: boolean): Term | null {
    const tookMs = readAt - this.#since;
    const isOver = term !== null && (isEmpty ? tookMs >= term.ms : tookMs > term.ms);
    if (isOver === isEmpty) return null;
    const lateMs = tookMs - this.#longestMs;
    // The next poll of a process that is this slow must not be too late again.
    return this.anew(term, isEmpty && lateMs < SHORTEST_MS ? 0 : Math.max(SHORTEST_MS, 2 * lateMs));
  }
}

export const isSameTerm = (one: Term | null, other: Term | null): boolean => one?.mark === other?.mark;

/** As an item or a row keeps it. */
export const writeTerm = ({ ms, mark, latest, slack }: Term): unknown => [ms, mark, latest, slack];

export function readTerm(value: unknown): Term | null {
  const [ms, mark, latest, slack] = Array.isArray(value) ? value.filter((one) => typeof one === 'number') : [];
  return slack === undefined ? null : { ms, mark, latest, slack };
}
