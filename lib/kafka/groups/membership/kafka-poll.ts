import { sleep } from '../../../deadline.ts';
import { GatewayError } from '../../../errors.ts';
import { groupUnsettled, movedMeanwhile, nothingToRead } from '../../../messages/consumers.ts';
import { type HandedOut, type Place, type PollOptions, type ReadRecords, type WantedRecords, waitOf } from './coordinator.ts';
import { ofPoll } from './fences.ts';
import { type Member, placesIn } from './member.ts';
import { movedRow, movesOf } from './moves.ts';
import { forget, type Remembered, remember } from './remembered.ts';
import { isAsItWas, isMovedBy, isReplayOf, keyOf, pollKey, type Row, Rows, without } from './row.ts';
import type { Standing } from './standing.ts';
import { BoundedPoll, isSameTerm } from './term.ts';
import { placeOfTerm, setTerm, termIn } from './term-of-rows.ts';
import { FRESH_MS } from './turns.ts';
import { existing, readFrom, wantedOf } from './wanted.ts';

const MOST_TRIES = 4;
const GIVEN_UP_ANYWAY: readonly string[] = ['TopicNotFound', 'PartitionNotFound', 'Forbidden'];
/** Taken off the wait, so that its result can be settled before the deadline. */
const MARGIN_MS = 1000;
/** The pauses between the heartbeats of a consumer that waits for partitions: the first, and the longest. */
const FIRST_BEAT_MS = 50;
const LONGEST_BEAT_MS = 1000;
/** How long a poll at least waits for a group to assign its partitions, so that the first poll after a subscription has records. */
const ASSIGNED_WITHIN_MS = 3000;

type Outcome<Answer> = { answer: Answer | null } | 'fenced';

/**
 * A poll of a consumer that is a member of a group in Kafka. It reads from the positions in the group's rows, and writes the new positions
 * in the name of the member at its epoch: Kafka refuses that if the group has moved on, and then nothing is handed out.
 *
 * A consumer of topics by name that this process has polled lately is remembered. The poll reads records from where the process left it,
 * while it asks for the consumer's rows in its name. If the consumer was moved since, the records are dropped; if it is at another epoch,
 * or has given anything up, the poll begins again. So three requests in two round trips replace five, and are just as safe:
 *
 * - Polling, seeking, giving a partition up and assigning one by hand all write rows, and a process only writes rows that it has just read.
 * - Kafka gives a partition to another member only after this one has another epoch or is removed; both refuse requests in its name.
 * - Another subscription comes with another epoch, or with partitions that are given up. One that adds topics may have neither for a
 *   second, as long as Kafka takes to assign them.
 *
 * If another process dies with the answer to a heartbeat, this one learns of it with its next heartbeat, a second after the last.
 */
export class KafkaPoll<Answer> {
  readonly #standing: Standing;
  readonly #options: PollOptions;
  readonly #read: ReadRecords<Answer>;
  readonly #poll: string | null;
  #isAlone = true;
  /** When it has set the term, in Unix milliseconds; null if it has not. */
  #markedAt: number | null = null;
  /** What the poll has read from, once it could not store its answer. */
  #before: readonly Row[] = [];

  constructor(standing: Standing, options: PollOptions, read: ReadRecords<Answer>) {
    this.#standing = standing;
    this.#options = options;
    this.#read = read;
    this.#poll = options.pollId === null ? null : pollKey(options.pollId);
  }

  /** @param known what is remembered of the consumer, if nobody looked for it */
  async run(known: Remembered | null): Promise<Answer | null> {
    const { seat, name } = this.#standing;
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      if (this.#standing.subscription === null && this.#standing.partitions.length === 0) throw nothingToRead();
      const outcome = await (known !== null && tries === 1 ? this.#tryAsRemembered(known) : this.#tryAsFound());
      if (outcome !== 'fenced') return outcome.answer;
      forget(seat.cluster, seat.group, name);
      await this.#standing.findAgain();
      if (this.#isOvertaken) return null;
    }
    throw groupUnsettled();
  }

  get #waitUntil(): number {
    return Math.min(this.#options.since + waitOf(this.#options, this.#standing.options), this.#standing.seat.deadline - MARGIN_MS);
  }

  get #bounds(): BoundedPoll {
    return new BoundedPoll(this.#options, waitOf(this.#options, this.#standing.options), this.#waitUntil);
  }

  /** Whether another poll was answered since this one has read: then nobody waits for this one, or it is answered without records. */
  get #isOvertaken(): boolean {
    const { reader, found } = this.#standing;
    const now = this.#before.map((row) => found.rows.of(row));
    if (now.some((row) => row.reader === reader && isReplayOf(row, this.#poll))) return false;
    return this.#before.some((row, i) => !isAsItWas(row, now[i]) || !isSameTerm(row.term, now[i].term));
  }

  /**
   * A poll of the consumer as this process remembers it. It reads the available records before Kafka confirms the consumer, so that the
   * broker's next answer is on its way while records are written into a page.
   */
  async #tryAsRemembered({ member, rows, nextBeatAt, isAlone }: Remembered): Promise<Outcome<Answer>> {
    const { seat, reader, options } = this.#standing;
    const isBeatDue = Date.now() >= nextBeatAt;
    const beganAt = Date.now();
    const early = isAlone && !isBeatDue && options.minBytes <= 1 ? await this.#begin(member, false) : null;
    const [confirmed, beaten] = await Promise.all([seat.confirm(member, rows), isBeatDue ? seat.beatAsIs(member) : member]);
    const now = rows.map((row) => confirmed?.rows.of(row));
    if (confirmed === null || now.some((row) => row?.reader !== reader || row.position === null)) return 'fenced';
    if (beaten !== member && (beaten?.epoch !== member.epoch || !sameOwned(beaten, member))) return 'fenced';
    this.#standing.found = { ...this.#standing.found, ...confirmed };
    this.#isAlone = rows.every((row, i) => isAsItWas(row, now[i]));
    const beatAt = seat.nextBeatAt ?? nextBeatAt;
    if (early !== null && this.#isAlone) {
      const read = await early.reading;
      const readAt = read.isEmpty ? beganAt : Date.now();
      if (!read.isEmpty || Date.now() >= this.#waitUntil) return this.#store(member, early.wanted, read, beatAt, readAt);
    }
    const { wanted, reading } = await this.#begin(member);
    return this.#store(member, wanted, await reading, beatAt);
  }

  /** A poll of the consumer as it was found, which may have changed since. */
  async #tryAsFound(): Promise<Outcome<Answer>> {
    const { seat, found } = this.#standing;
    const { member } = found;
    const left = this.#leftBehind();
    if (left.length > 0 && !(await this.#giveUp(left))) return 'fenced';
    const { wanted, reading } = await this.#begin(member);
    const beaten = await seat.beat(member);
    if (beaten === null) return 'fenced';
    if (sameOwned(beaten, member) && wanted.positions.length > 0) return this.#store(beaten, wanted, await reading, seat.nextBeatAt);

    const settled = await this.#takeOver(member, beaten);
    if (settled === null) return 'fenced';
    // The previous owner may have committed since this consumer was found.
    if (settled.owned.length > 0) await this.#standing.lookAgain(placesIn(settled.owned));
    const changed = await this.#begin(settled);
    return this.#store(settled, changed.wanted, await changed.reading, seat.nextBeatAt);
  }

  /**
   * Begins to read. Nobody waits for the result if the consumer turns out to have moved on.
   *
   * @param waits false to read what is available, however long the poll may wait
   */
  async #begin(member: Member, waits = true): Promise<{ wanted: WantedRecords; reading: Promise<HandedOut<Answer>> }> {
    const { seat, reader, options } = this.#standing;
    const { cluster, deadline } = seat;
    const rows = this.#standing.placesOf(member).map((place) => this.#standing.rowOf(place));
    const waitUntil = waits ? this.#waitUntil : 0;
    const wanted = await wantedOf(cluster, rows, { reader, poll: this.#poll, waitUntil, options, deadline });
    if (wanted.waitMs > 0) await this.#announce(member, wanted);
    const reading = readFrom(cluster, wanted, { options, deadline }, this.#read);
    reading.catch(() => {});
    return { wanted, reading };
  }

  /** Sets the term to the poll's own wait: whoever waits for longer is overtaken by it, and who comes later knows how long it waits. */
  async #announce(member: Member, wanted: WantedRecords): Promise<void> {
    const place = this.#poll === null ? null : placeOfTerm(wanted);
    if (place === null) return;
    const { seat, reader } = this.#standing;
    const before = this.#standing.rowOf(place);
    const term = this.#bounds.announced(before.term);
    // The poll writes a row that is not its own anyway.
    if (term === null || before.reader !== reader) return;
    await this.#standing.inTurn(wanted.positions, async ({ rows, ...found }) => {
      const now = rows.of(place);
      if (now.reader !== reader || !isSameTerm(now.term, before.term)) return;
      const row = { ...now, term };
      if ((await seat.commit(member, [row], ofPoll)) !== 'done') return;
      this.#standing.found = { ...found, rows: new Rows([...rows.all(), row]) };
      this.#markedAt = Date.now();
    });
  }

  /** Gives up partitions that the group takes back, and takes those that it assigns; if it has none, waits for some. */
  async #takeOver(before: Member, assigned: Member): Promise<Member | null> {
    const { seat, subscription } = this.#standing;
    const { isAssigning, asOf } = this.#standing.found;
    const assignedBy = isAssigning ? Math.min(asOf.ms + ASSIGNED_WITHIN_MS, seat.deadline - MARGIN_MS) : 0;
    const until = Math.max(this.#waitUntil, assignedBy);
    let member: Member | null = assigned;
    for (let pauseMs = FIRST_BEAT_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_BEAT_MS)) {
      const lost = without(placesIn(before.owned), placesIn(member.owned));
      if (lost.length > 0) {
        if (!(await this.#giveUp(lost))) return null;
        member = await seat.beat(member);
        if (member === null) return null;
      }
      if (member.owned.length > 0 || subscription === null || Date.now() + pauseMs >= until) return member;
      await sleep(pauseMs);
      before = member;
      member = await seat.beat(member);
      if (member === null) return null;
    }
  }

  /**
   * One commit does three things: it stores where to continue, with auto commit it commits what the poll before has handed out, and it is
   * the fence, as the coordinator refuses a member whose group has moved on.
   *
   * @param nextBeatAt when the next heartbeat is due; null for a consumer that is not a member
   * @param readAt when it has read: at the latest, or with an empty answer at the earliest (Unix milliseconds)
   */
  async #store(
    member: Member,
    wanted: WantedRecords,
    { next, answer, isEmpty }: HandedOut<Answer>,
    nextBeatAt: number | null,
    readAt = Date.now(),
  ): Promise<Outcome<Answer>> {
    const { seat, reader, options, subscription, found } = this.#standing;
    const poll = this.#poll;
    const before = found.rows;
    const place = poll === null ? null : placeOfTerm(wanted);
    const term = place && termIn(before.of(place), reader);
    const renewed = place === null ? null : this.#bounds.renewed(term, readAt, isEmpty);
    const isLate = renewed !== null && !isEmpty;
    // A later poll has taken records before this one began: nobody waits for this one.
    if (place !== null && !isEmpty && this.#bounds.isOvertaken(term)) return { answer: null };
    const rowOf = (one: Place) => before.of(one);
    const moves = isLate ? [] : movesOf(wanted, next, { reader, poll, options, isEmpty, rowOf, writesAll: true });
    if (moves.length === 0 && renewed === null) {
      if (isEmpty && this.#markedAt !== null && (await this.#isTakenBefore(wanted, before))) return 'fenced';
      this.#remember(member, before, nextBeatAt);
      return { answer };
    }
    const outcome = await this.#standing.inTurn(wanted.positions, async ({ rows: now }) => {
      const moved = moves.flatMap(({ row }) => {
        const { reader, position } = now.of(row);
        return row.reader === reader && row.position === position ? [] : [row];
      });
      // The same poll was here, in a process whose answer did not arrive: hand out the same records again.
      if (wanted.positions.some((one) => isMovedBy(poll, reader, before.of(one), now.of(one)))) return 'fenced';
      const isOvertaken = place !== null && !isSameTerm(term, termIn(now.of(place), reader));
      if (moved.length > 0 && isEmpty && !isOvertaken) return 'done';
      // Deleting a topic deletes its offsets.
      const gone = without(moved, await existing(seat.cluster, moved, seat.deadline, Date.now()));
      if (moved.length > gone.length && !isOvertaken) throw movedMeanwhile();
      const left = isOvertaken ? [] : moves.filter(({ row }) => !gone.includes(row));
      const rows = left.map((move) => movedRow(now.of(move.row), move, reader, subscription === null));
      if (place !== null) {
        const newest = termIn(now.of(place), reader);
        const set = this.#bounds.stored(newest, renewed, { isOvertaken, isEmpty });
        if (set !== null) setTerm(rows, now.of(place), reader, set);
      }
      const committed = await seat.commit(member, rows, ofPoll);
      if (committed === 'done') this.#remember(member, new Rows([...now.all(), ...rows]), nextBeatAt);
      if (isOvertaken || renewed !== null) this.#markedAt = Date.now();
      return isOvertaken ? 'overtaken' : committed;
    });
    const isNone = outcome === 'overtaken' || isLate;
    if (isNone || outcome === 'done') {
      if ((isNone || isEmpty) && (await this.#isTakenBefore(wanted, before))) return 'fenced';
      return { answer: isNone ? null : answer };
    }
    this.#before = wanted.positions.map(rowOf);
    // Another process may have stored this poll: its records are then the answer.
    return poll === null ? { answer: isEmpty ? answer : null } : 'fenced';
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

  #remember(member: Member, rows: Rows, nextBeatAt: number | null): void {
    const { seat, name, reader, identity } = this.#standing;
    // A heartbeat that asks for the assignment must contain the pattern, which may have changed by then.
    if (member.topics.length === 0 || nextBeatAt === null) return;
    const own = placesIn(member.owned).map((place) => rows.of(place));
    if (own.length === 0 || own.some((row) => row.reader !== reader || row.position === null)) return;
    remember(seat.cluster, seat.group, name, { member, identity, rows: own, nextBeatAt, isAlone: this.#isAlone });
  }

  /** Writes that partitions are given up, before the group hears of it and gives them to others. False if the group has moved on. */
  async #giveUp(places: readonly Place[]): Promise<boolean> {
    const { seat, found } = this.#standing;
    try {
      const outcome = await this.#standing.inTurn(null, () => seat.commit(found.member, this.#standing.released(places, this.#poll)));
      return outcome === 'done';
    } catch (error) {
      // There is nothing to keep of topics that are deleted, or that may no longer be read.
      if (error instanceof GatewayError && GIVEN_UP_ANYWAY.includes(error.name)) return true;
      throw error;
    }
  }

  /**
   * Partitions that the group has taken back, but that were not given up, as the process that was told so died. After an absence, they are
   * not given up, so that the consumer can continue there, except where this poll handed out records that nobody received.
   */
  #leftBehind(): Row[] {
    const { reader, subscription } = this.#standing;
    const { rows, taken, isBack } = this.#standing.found;
    if (subscription === null) return [];
    return rows
      .all()
      .filter(
        (row) => row.reader === reader && row.position !== null && !taken.has(keyOf(row)) && (!isBack || isReplayOf(row, this.#poll)),
      );
  }
}

function sameOwned(one: Member, other: Member): boolean {
  const [places, others] = [placesIn(one.owned), placesIn(other.owned)];
  return places.length === others.length && without(places, others).length === 0;
}
