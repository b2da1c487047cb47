import { consumerNotFound } from '../../../messages/consumers.ts';
import type { Relevant } from '../offsets.ts';
import type { ConsumerOptions, Place, Subscription } from './coordinator.ts';
import type { CommitOutcome } from './fences.ts';
import { type Member, placesIn } from './member.ts';
import { readerOf, readMemberId } from './member-id.ts';
import { givenUp, type Row } from './row.ts';
import type { Found, Seat } from './seat.ts';
import { type Arrival, isArrivedBefore } from './term.ts';
import { inTurn, momentNow } from './turns.ts';

/** What a member id says about a consumer. */
export interface Identity {
  readonly memberId: string;
  readonly options: ConsumerOptions;
  /** When the request arrived that created it, in Unix milliseconds. */
  readonly createdAt: number;
  /** Stands for the consumer in the rows. */
  readonly reader: string;
}

/** A consumer in its group, as far as one request of a client knows it, and what all such requests do to its rows. */
export class Standing {
  readonly seat: Seat;
  readonly name: string;
  #found: Found;
  #identity: Identity;

  /**
   * @param identity of the member that was found, if it is known
   * @throws {GatewayError} ConsumerNotFound for a member that is not a consumer
   */
  constructor(seat: Seat, name: string, found: Found, identity = identityOf(name, found.member.memberId)) {
    this.seat = seat;
    this.name = name;
    this.#found = found;
    this.#identity = identity;
  }

  get found(): Found {
    return this.#found;
  }

  set found(found: Found) {
    this.#found = found;
    const { memberId } = found.member;
    if (memberId !== this.#identity.memberId) this.#identity = identityOf(this.name, memberId);
  }

  get identity(): Identity {
    return this.#identity;
  }

  get options(): ConsumerOptions {
    return this.#identity.options;
  }

  get reader(): string {
    return this.#identity.reader;
  }

  get subscription(): Subscription | null {
    const { topics, pattern } = this.#found.member;
    if (topics.length > 0) return { topics };
    return pattern === '' ? null : { pattern };
  }

  get partitions(): readonly Place[] {
    return this.placesOf(this.#found.member);
  }

  /** The partitions that it has as a member: assigned by the group, or by hand. */
  placesOf({ owned }: Member): Place[] {
    if (this.subscription !== null) return placesIn(owned);
    return this.#found.rows.all().filter((row) => row.byHand && row.reader === this.reader);
  }

  rowOf(place: Place): Row {
    return this.#found.rows.of(place);
  }

  /** @throws {GatewayError} ConsumerNotFound, Forbidden, KafkaUnavailable … */
  async findAgain(): Promise<void> {
    this.found = await this.seat.find(this.name);
  }

  /** Reads rows again. @param places whose; null for all of the group. All other rows are unknown then */
  async lookAgain(places: readonly Place[] | null): Promise<void> {
    const asOf = momentNow();
    this.found = { ...this.#found, rows: await this.seat.rows(places), asOf };
  }

  /**
   * Runs this process's changes to rows of the consumer one after the other, each on the rows as they are by then.
   *
   * @param places whose rows it is about; null for all of the group
   */
  inTurn<T>(places: readonly Place[] | null, act: (found: Found) => Promise<T>): Promise<T> {
    const { cluster, group } = this.seat;
    return inTurn(cluster, `${group}\n${this.name}`, this.#found.asOf, async (isStale) => {
      if (isStale) await this.lookAgain(places);
      return act(this.#found);
    });
  }

  /** Writes rows in place of those that were found. @param relevant as for a seat */
  commit(member: Member, rows: readonly Row[], relevant?: Relevant): Promise<CommitOutcome> {
    return this.seat.commit(member, rows, this.#found.rows, relevant);
  }

  /** The rows of partitions in which something was handed out that is not committed, after it is. */
  handedOut(places: readonly Place[]): Row[] {
    return places.flatMap((place) => {
      const row = this.rowOf(place);
      const { position } = row;
      return row.reader === this.reader && position !== null && position !== row.committed ? [{ ...row, committed: position }] : [];
    });
  }

  /** Whether a request that arrived later has moved the consumer, or taken records of it. False where arrivals are not known. */
  isOvertaken(arrival: Pick<Arrival, 'arrivedAt'>): boolean {
    return this.#found.rows.all().some(({ reader, term }) => reader === this.reader && isArrivedBefore(arrival, term));
  }

  /** The rows of partitions after they are given up. @param poll that gives them up, by `pollKey`; null without a `poll_id` */
  released(places: readonly Place[], poll: string | null): Row[] {
    const { autoCommit } = this.options;
    const rows = places.map((place) => this.rowOf(place)).filter((row) => row.reader === this.reader);
    return rows.map((row) => givenUp(row, { autoCommit, poll }));
  }
}

function identityOf(name: string, memberId: string): Identity {
  const identity = readMemberId(name, memberId);
  if (identity === null) throw consumerNotFound(name);
  return { memberId, ...identity, reader: readerOf(memberId) };
}
