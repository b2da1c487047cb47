import { sleep } from '../../../deadline.ts';
import { GatewayError } from '../../../errors.ts';
import {
  consumerNotFound,
  exclusive,
  groupsNotSupported,
  groupUnsettled,
  movedMeanwhile,
  nothingToRead,
} from '../../../messages/consumers.ts';
import { resolvePositions } from '../positions.ts';
import type {
  Consumer,
  ConsumerOptions,
  Place,
  PlaceCommit,
  PollOptions,
  ReadRecords,
  SeekTarget,
  Subscription,
  WantedRecords,
} from './coordinator.ts';
import { readerOf } from './member-id.ts';
import { movedRow, movesOf } from './moves.ts';
import { mustBeFree, mustOwn, topicsThere } from './places.ts';
import { givenUp, isMovedBy, isReplayOf, keyOf, pollKey, type Row, without } from './row.ts';
import { type CommitOutcome, type Found, type Member, placesIn, type Seat } from './seat.ts';
import { deleteShadow, writeShadow } from './shadow.ts';
import { inTurn } from './turns.ts';
import { readFrom, wantedOf } from './wanted.ts';

const MOST_TRIES = 4;
const GIVEN_UP_ANYWAY: readonly string[] = ['TopicNotFound', 'PartitionNotFound', 'Forbidden'];
/** Kept from the wait, so that what comes of it can be settled before the deadline. */
const MARGIN_MS = 1000;
/** How often a consumer that waits for partitions asks for them: at first, and at the longest. */
const FIRST_BEAT_MS = 50;
const LONGEST_BEAT_MS = 1000;
/** How long a poll waits, whatever it was told, for a group to share its partitions out: the first one after a subscription has records. */
const ASSIGNED_WITHIN_MS = 3000;

/** A consumer that is a member of a group of Kafka's. @see stateless consumers in docs/api/consumers.md */
export class KafkaConsumer implements Consumer {
  readonly name: string;
  readonly options: ConsumerOptions;
  readonly #seat: Seat;
  #found: Found;

  constructor(seat: Seat, name: string, options: ConsumerOptions, found: Found) {
    this.#seat = seat;
    this.name = name;
    this.options = options;
    this.#found = found;
  }

  get subscription(): Subscription | null {
    const { topics, pattern } = this.#found.member;
    if (topics.length > 0) return { topics };
    return pattern === '' ? null : { pattern };
  }

  get partitions(): readonly Place[] {
    return this.#placesOf(this.#found.member);
  }

  #placesOf({ owned, memberId }: Member): Place[] {
    if (this.subscription !== null) return placesIn(owned);
    const reader = readerOf(memberId);
    return this.#found.rows.all().filter((row) => row.byHand && row.reader === reader);
  }

  async subscribe(subscription: Subscription | null): Promise<void> {
    const { cluster, group, deadline } = this.#seat;
    const { topics, pattern } = { topics: [], pattern: '', ...subscription };
    if (this.#found.member.epoch === null && subscription !== null) throw groupsNotSupported();
    if (subscription !== null && this.subscription === null && this.partitions.length > 0) throw exclusive();
    if (this.subscription === null && subscription === null) await this.assign([]);
    const { memberId } = this.#found.member;
    await writeShadow(cluster, group, this.name, { memberId, topics, pattern }, topics, deadline);
    await this.#again(async ({ member }) => {
      if (this.options.autoCommit && this.subscription !== null) await this.#commitHandedOut(member, placesIn(member.owned));
      const beaten = await this.#seat.beat({ ...member, topics, pattern });
      if (beaten === null) return 'fenced';
      const lost = without(placesIn(member.owned), placesIn(beaten.owned));
      if (lost.length === 0) return 'done';
      // What is given up by this is free for others at once.
      const isReleased = (await this.#seat.commit(beaten, this.#released(member, lost, null))) === 'done';
      return isReleased && (await this.#seat.beat(beaten)) !== null ? 'done' : 'fenced';
    });
  }

  async assign(places: readonly Place[]): Promise<void> {
    const { cluster, group, deadline } = this.#seat;
    if (this.subscription !== null) throw exclusive();
    const topics = await topicsThere(cluster, places, deadline);
    const { memberId } = this.#found.member;
    if (places.length > 0) await writeShadow(cluster, group, this.name, { memberId, topics: [], pattern: '' }, topics, deadline);
    await this.#again(({ member, rows, readers }) => {
      const reader = readerOf(member.memberId);
      mustBeFree(places, (place) => rows.of(place), reader, readers);
      const given = without(this.partitions, places).map((place) => ({ ...rows.of(place), reader: '', byHand: false }));
      const kept = places.map((place) => {
        const row = rows.of(place);
        return row.reader === reader ? { ...row, byHand: true } : { ...row, ...place, reader, position: null, replay: null, byHand: true };
      });
      return this.#settle(member, [...given, ...kept]);
    });
  }

  async commit(offsets: readonly PlaceCommit[] | null): Promise<void> {
    await this.#again(({ member, rows }) => {
      const reader = readerOf(member.memberId);
      mustOwn(this.partitions, offsets ?? []);
      const commits = offsets?.map((one): Row => {
        const row = rows.of(one);
        const position = row.reader === reader && row.position !== null ? row.position : one.offset;
        const byHand = row.reader === reader && row.byHand;
        return { ...row, reader, position, byHand, committed: one.offset, metadata: one.metadata };
      });
      const handedOut = this.partitions.flatMap((place) => {
        const row = rows.of(place);
        return row.reader === reader && row.position !== null ? [{ ...row, committed: row.position }] : [];
      });
      return this.#settle(member, commits ?? handedOut);
    });
  }

  async seek(targets: readonly SeekTarget[]): Promise<void> {
    mustOwn(this.partitions, targets);
    const wanted = targets.map(({ topic, partition, to }) => ({ topic, partition, at: to, metadata: null }));
    const found = await resolvePositions(this.#seat.cluster, wanted, this.#seat.deadline);
    await this.#again(({ member, rows }) => {
      mustOwn(this.partitions, targets);
      const reader = readerOf(member.memberId);
      const moved = found.map(({ topic, partition, offset }) => {
        const row = rows.of({ topic, partition });
        return { ...row, reader, position: offset, replay: null, byHand: this.subscription === null };
      });
      return this.#settle(member, moved);
    });
  }

  async leave(): Promise<void> {
    const { cluster, group, deadline } = this.#seat;
    const { autoCommit } = this.options;
    await this.#again(async ({ member }) => {
      const outcome = autoCommit ? await this.#commitHandedOut(member, this.partitions) : 'done';
      if (outcome !== 'fenced') await this.#seat.leave(member);
      return outcome === 'fenced' ? outcome : 'done';
    });
    await deleteShadow(cluster, group, this.name, deadline);
  }

  async poll<Answer>({ pollId, waitMs }: PollOptions, read: ReadRecords<Answer>): Promise<Answer | null> {
    if (this.subscription === null && this.partitions.length === 0) throw nothingToRead();
    const poll = pollId === null ? null : pollKey(pollId);
    const waitUntil = Math.min(Date.now() + waitMs, this.#seat.deadline - MARGIN_MS);
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const outcome = await this.#tryPoll(poll, waitUntil, read);
      if (outcome !== 'fenced') return outcome.answer;
      this.#found = await this.#seat.find(this.name);
    }
    throw groupUnsettled();
  }

  /** A poll of the consumer as it was found; that may have changed by now. */
  async #tryPoll<Answer>(poll: string | null, waitUntil: number, read: ReadRecords<Answer>): Promise<{ answer: Answer | null } | 'fenced'> {
    const { member } = this.#found;
    const left = this.#leftBehind(poll);
    if (left.length > 0 && !(await this.#giveUp(member, left, poll))) return 'fenced';
    const wanted = await this.#wanted(member, poll, waitUntil);
    // It is not waited for where the group assigns other partitions meanwhile.
    const reading = this.#read(wanted, read);
    reading.catch(() => {});
    const beaten = await this.#seat.beat(member);
    if (beaten === null) return 'fenced';
    if (sameOwned(beaten, member) && wanted.positions.length > 0) return this.#store(beaten, poll, wanted, await reading);

    const settled = await this.#takeOver(member, beaten, poll, waitUntil);
    if (settled === null) return 'fenced';
    // Who had them before may have committed since this one was found.
    if (settled.owned.length > 0) await this.#lookAgain();
    const changed = await this.#wanted(settled, poll, waitUntil);
    return this.#store(settled, poll, changed, await this.#read(changed, read));
  }

  #wanted(member: Member, poll: string | null, waitUntil: number): Promise<WantedRecords> {
    const reader = readerOf(member.memberId);
    const rows = this.#placesOf(member).map((place) => this.#found.rows.of(place));
    const { cluster, deadline } = this.#seat;
    return wantedOf(cluster, rows, { reader, poll, waitUntil, options: this.options, deadline });
  }

  #read<Answer>(wanted: WantedRecords, read: ReadRecords<Answer>): ReturnType<ReadRecords<Answer>> {
    return readFrom(this.#seat.cluster, wanted, { options: this.options, deadline: this.#seat.deadline }, read);
  }

  /** Gives up partitions that the group wants back, and takes those that it gives; without any, it waits for some. */
  async #takeOver(before: Member, assigned: Member, poll: string | null, waitUntil: number): Promise<Member | null> {
    const { isAssigning, asOf } = this.#found;
    const assignedBy = isAssigning ? Math.min(asOf + ASSIGNED_WITHIN_MS, this.#seat.deadline - MARGIN_MS) : 0;
    const until = Math.max(waitUntil, assignedBy);
    let member: Member | null = assigned;
    for (let pauseMs = FIRST_BEAT_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_BEAT_MS)) {
      const lost = without(placesIn(before.owned), placesIn(member.owned));
      if (lost.length > 0) {
        if (!(await this.#giveUp(member, lost, poll))) return null;
        member = await this.#seat.beat(member);
        if (member === null) return null;
      }
      if (member.owned.length > 0 || this.subscription === null || Date.now() + pauseMs >= until) return member;
      await sleep(pauseMs);
      before = member;
      member = await this.#seat.beat(member);
      if (member === null) return null;
    }
  }

  /**
   * One commit does it all: where to go on, what is committed automatically, namely what the poll before has handed out, and the fence, as
   * the coordinator refuses a member whose group has moved on.
   */
  async #store<Answer>(
    member: Member,
    poll: string | null,
    wanted: WantedRecords,
    { next, answer, isEmpty }: Awaited<ReturnType<ReadRecords<Answer>>>,
  ): Promise<{ answer: Answer | null } | 'fenced'> {
    const reader = readerOf(member.memberId);
    const before = this.#found.rows;
    const { options } = this;
    const moves = movesOf(wanted, next, { reader, poll, options, rowOf: (place) => before.of(place), writesAll: true });
    if (moves.length === 0) return { answer };

    const outcome = await this.#inTurn(async ({ rows: now }) => {
      const moved = moves
        .map(({ row }) => [row, now.of(row)] as const)
        .filter(([row, { reader, position }]) => row.reader !== reader || row.position !== position);
      // The same poll was here, in a process whose answer did not arrive: what it handed out is to be handed out again.
      if (wanted.positions.some((place) => isMovedBy(poll, reader, before.of(place), now.of(place)))) return 'fenced';
      if (moved.length > 0 && isEmpty) return 'done';
      if (moved.length > 0) throw movedMeanwhile();
      const byHand = this.subscription === null;
      const rows = moves.map((move) => movedRow(now.of(move.row), move, reader, byHand));
      return this.#seat.commit(member, rows);
    });
    if (outcome === 'done') return { answer };
    // What another process stored of this poll may be its answer.
    return poll === null ? { answer: isEmpty ? answer : null } : 'fenced';
  }

  /** What this process does to rows of the consumer, it does one after the other, and to what they are by then. */
  #inTurn<T>(act: (found: Found) => Promise<T>): Promise<T> {
    const { cluster, group } = this.#seat;
    return inTurn(cluster, `${group}\n${this.name}`, this.#found.asOf, async (isStale) => {
      if (isStale) await this.#lookAgain();
      return act(this.#found);
    });
  }

  async #lookAgain(): Promise<void> {
    const asOf = Date.now();
    this.#found = { ...this.#found, rows: await this.#seat.rows(), asOf };
  }

  /** Commits what was handed out of partitions. */
  async #commitHandedOut(member: Member, places: readonly Place[]): Promise<CommitOutcome> {
    const reader = readerOf(member.memberId);
    const rows = places.flatMap((place) => {
      const row = this.#found.rows.of(place);
      const { position } = row;
      return row.reader === reader && position !== null && position !== row.committed ? [{ ...row, committed: position }] : [];
    });
    return this.#seat.commit(member, rows);
  }

  /** Writes that partitions are given up: before the group hears of it, and so before others have them. False where it has moved on. */
  async #giveUp(member: Member, places: readonly Place[], poll: string | null): Promise<boolean> {
    try {
      return (await this.#inTurn(() => this.#seat.commit(member, this.#released(member, places, poll)))) === 'done';
    } catch (error) {
      // There is nothing to keep of topics that are gone, or that may not be read any more.
      if (error instanceof GatewayError && GIVEN_UP_ANYWAY.includes(error.name)) return true;
      throw error;
    }
  }

  #released({ memberId }: Member, places: readonly Place[], poll: string | null): Row[] {
    const reader = readerOf(memberId);
    const { autoCommit } = this.options;
    const rows = places.map((place) => this.#found.rows.of(place)).filter((row) => row.reader === reader);
    return rows.map((row) => givenUp(row, { autoCommit, poll }));
  }

  /**
   * Partitions that the group has taken back, and that were not given up, as the process died that was told so. After an absence, those
   * are left to come back to, but for what this poll handed out and nobody received.
   */
  #leftBehind(poll: string | null): Row[] {
    const { member, rows, taken, isBack } = this.#found;
    if (this.subscription === null) return [];
    const reader = readerOf(member.memberId);
    return rows
      .all()
      .filter((row) => row.reader === reader && row.position !== null && !taken.has(keyOf(row)) && (!isBack || isReplayOf(row, poll)));
  }

  /** Writes rows; a commit does not keep the session, so a heartbeat goes with it. */
  async #settle(member: Member, rows: readonly Row[]): Promise<'done' | 'fenced'> {
    const [outcome] = await Promise.all([this.#seat.commit(member, rows), this.#seat.stay(member)]);
    return outcome === 'done' ? 'done' : 'fenced';
  }

  /** Does something to the consumer as it was found; again as it is by then, where the group has moved on. */
  async #again(act: (found: Found) => Promise<'done' | 'fenced'>): Promise<void> {
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      if ((await this.#inTurn(act)) === 'done') return;
      const { memberId } = this.#found.member;
      this.#found = await this.#seat.find(this.name);
      // It was deleted, and another one created in its place.
      if (this.#found.member.memberId !== memberId) throw consumerNotFound(this.name);
    }
    throw groupUnsettled();
  }
}

function sameOwned(one: Member, other: Member): boolean {
  const [places, others] = [placesIn(one.owned), placesIn(other.owned)];
  return places.length === others.length && without(places, others).length === 0;
}
