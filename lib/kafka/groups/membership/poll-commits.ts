import { sleep } from '../../../deadline.ts';
import { movedMeanwhile } from '../../../messages/consumers.ts';
import type { Place, PlacePosition, WantedRecords } from './coordinator.ts';
import { type CommitOutcome, ofPoll } from './fences.ts';
import type { Member } from './member.ts';
import { type Move, movedRow, movesOf, mustMoveNothing } from './moves.ts';
import { isOvertaken } from './overtaken.ts';
import { isMovedBy, type Row, Rows, without } from './row.ts';
import type { Standing } from './standing.ts';
import { type BoundedPoll, isSameTerm, type Term } from './term.ts';
import { isRepetition, placeOfTerm, setTerm, termIn } from './term-of-rows.ts';
import { FRESH_MS } from './turns.ts';
import { existing, type HandedOutAt } from './wanted.ts';

/** What a poll reads, and when it may take records. */
interface Begun {
  readonly wanted: WantedRecords;
  readonly bounds: BoundedPoll;
}

/** What a poll is to write once it has read. */
interface Result {
  readonly moves: readonly Move[];
  readonly isEmpty: boolean;
  /** Where the term is; null for a poll without one. */
  readonly place: Place | null;
  /** As it was when the poll began. */
  readonly term: Term | null;
  /** To replace it with; null to leave it. */
  readonly renewed: Term | null;
}

/** The outcome of a poll; `fenced` if the group, or the same poll in another process, has moved on. */
export type Outcome<Answer> = { readonly answer: Answer | null } | 'fenced';

/** What a poll of a consumer in a group of Kafka's commits: its term, before it waits, and where to continue, once it has read. */
export class PollCommits {
  readonly #standing: Standing;
  readonly #poll: string | null;
  /** When it has set the term, in Unix milliseconds; null if it has not. */
  #markedAt: number | null = null;
  /** What the poll has read from, once it could not store its answer. */
  #before: readonly Row[] = [];

  /** @param poll of `pollKey`; null without a `poll_id` */
  constructor(standing: Standing, poll: string | null) {
    this.#standing = standing;
    this.#poll = poll;
  }

  /** Whether an answer could not be stored, and another poll was answered since. */
  get isOvertaken(): boolean {
    const { reader, found } = this.#standing;
    const now = this.#before.map((row) => found.rows.of(row));
    return isOvertaken({ rows: this.#before, term: null }, { rows: now, term: null }, reader, this.#poll);
  }

  /**
   * Whether the consumer was moved by a request that arrived later than this poll: then this one changes nothing. What a later poll has
   * handed out may have been received, if that repeats this one, or not.
   */
  isLate(bounds: BoundedPoll): boolean {
    return this.#poll !== null && this.#standing.isOvertaken(bounds);
  }

  /** Sets the term to the poll's own wait: whoever waits for longer is overtaken by it, and who comes later knows how long it waits. */
  async announce(member: Member, { wanted, bounds }: Begun): Promise<void> {
    const place = this.#placeOfTerm(wanted);
    if (place === null) return;
    const { reader } = this.#standing;
    const before = this.#standing.rowOf(place);
    const term = bounds.announced(before.term);
    // The poll writes a row that is not its own anyway.
    if (term === null || before.reader !== reader) return;
    await this.#standing.inTurn(wanted.positions, async ({ rows, ...found }) => {
      const now = rows.of(place);
      if (now.reader !== reader || !isSameTerm(now.term, before.term)) return;
      const row = { ...now, term };
      if ((await this.#standing.commit(member, [row], ofPoll)) !== 'done') return;
      this.#standing.found = { ...found, rows: new Rows([...rows.all(), row]) };
      this.#markedAt = Date.now();
    });
  }

  /**
   * One commit does three things: it stores where to continue, with auto commit it commits what the poll before has handed out, and it is
   * the fence, as the coordinator refuses a member whose group has moved on.
   *
   * @param stored is told the rows as they are from then on
   */
  async store<Answer>(
    member: Member,
    { wanted, bounds }: Begun,
    { handedOut: { next, answer, isEmpty }, readAt }: HandedOutAt<Answer>,
    stored: (rows: Rows) => void,
  ): Promise<Outcome<Answer>> {
    const { reader, options, found } = this.#standing;
    const poll = this.#poll;
    const before = found.rows;
    const place = this.#placeOfTerm(wanted);
    const term = place && termIn(before.of(place), reader);
    const renewed = place === null ? null : bounds.renewed(term, readAt, isEmpty);
    const isLate = renewed !== null && !isEmpty;
    // A later poll has taken records before this one began: nobody waits for this one, nor has anybody received those records yet.
    if (place !== null && (bounds.isOvertaken(term) || (await this.#isOfEarlierSubscription(term, bounds))))
      return { answer: isEmpty ? answer : null };
    const rowOf = (one: Place) => before.of(one);
    const moves = isLate ? [] : movesOf(wanted, next, { reader, poll, options, isEmpty, rowOf, writesAll: true });
    if (isRepetition(wanted) && this.isLate(bounds)) {
      mustMoveNothing(moves);
      return { answer };
    }
    if (moves.length === 0 && renewed === null) {
      if (isEmpty && (await this.#isTakenBefore(wanted, before))) return 'fenced';
      stored(before);
      return { answer };
    }
    const outcome = await this.#write(member, { wanted, bounds }, before, { moves, isEmpty, place, term, renewed }, stored);
    const isNone = outcome === 'overtaken' || isLate;
    if (isNone || outcome === 'done') {
      if ((isNone || isEmpty) && (await this.#isTakenBefore(wanted, before))) return 'fenced';
      return { answer: isNone ? null : answer };
    }
    this.#before = wanted.positions.map(rowOf);
    // Another process may have stored this poll: its records are then the answer.
    return poll === null ? { answer: isEmpty ? answer : null } : 'fenced';
  }

  /** @returns `overtaken` if another poll has set the term since this one began: nothing is moved then */
  #write(
    member: Member,
    { wanted, bounds }: Begun,
    before: Rows,
    { moves, isEmpty, place, term, renewed }: Result,
    stored: (rows: Rows) => void,
  ): Promise<CommitOutcome | 'overtaken'> {
    const { reader } = this.#standing;
    return this.#standing.inTurn(wanted.positions, async ({ rows: now }) => {
      // The same poll was here, in a process whose answer did not arrive: hand out the same records again.
      if (wanted.positions.some((one) => isMovedBy(this.#poll, reader, before.of(one), now.of(one)))) return 'fenced';
      const isOvertaken = place !== null && !isSameTerm(term, termIn(now.of(place), reader));
      const rows = isOvertaken ? [] : await this.#moved(moves, now, isEmpty);
      if (rows === null) return 'done';
      if (place !== null) {
        const set = bounds.stored(termIn(now.of(place), reader), renewed, { isOvertaken, isEmpty });
        if (set !== null) setTerm(rows, now.of(place), reader, set);
      }
      const committed = await this.#standing.commit(member, rows, ofPoll);
      if (committed === 'done') stored(new Rows([...now.all(), ...rows]));
      if (isOvertaken || renewed !== null) this.#markedAt = Date.now();
      return isOvertaken ? 'overtaken' : committed;
    });
  }

  /**
   * The rows after the moves; null if a poll without records has nothing to write, as another one has moved the consumer.
   *
   * @throws {GatewayError} IllegalState when another poll has moved the consumer
   */
  async #moved(moves: readonly Move[], now: Rows, isEmpty: boolean): Promise<Row[] | null> {
    const { seat, reader, subscription } = this.#standing;
    const moved = moves.flatMap(({ row }) => {
      const { reader, position } = now.of(row);
      return row.reader === reader && row.position === position ? [] : [row];
    });
    if (moved.length > 0 && isEmpty) return null;
    // Deleting a topic deletes its offsets.
    const gone = moved.length === 0 ? [] : without(moved, await existing(seat.cluster, moved, seat.deadline, Date.now()));
    if (moved.length > gone.length) throw movedMeanwhile();
    const left = moves.filter(({ row }) => !gone.includes(row));
    return left.map((move) => movedRow(now.of(move.row), move, reader, subscription === null));
  }

  /** Asked of a consumer's first poll of its partitions, whose rows do not say what it was subscribed to before. */
  async #isOfEarlierSubscription(term: Term | null, bounds: BoundedPoll): Promise<boolean> {
    if (term !== null || this.#standing.subscription === null) return false;
    return bounds.isBefore(await this.#standing.seat.subscribedAt(this.#standing.name));
  }

  /** Null for a poll without a `poll_id`, or one that takes no records. */
  #placeOfTerm(wanted: WantedRecords): PlacePosition | null {
    return this.#poll === null ? null : placeOfTerm(wanted);
  }

  /**
   * Whether a process that had read the rows before this one set the term has taken records for the same poll, and wrote that later. Kafka
   * cannot refuse it.
   */
  async #isTakenBefore({ positions }: WantedRecords, before: Rows): Promise<boolean> {
    if (this.#markedAt === null) return false;
    await sleep(Math.max(0, this.#markedAt + FRESH_MS - Date.now()));
    const { reader, seat } = this.#standing;
    const now = await seat.rows(positions);
    return positions.some((one) => isMovedBy(this.#poll, reader, before.of(one), now.of(one)));
  }
}
