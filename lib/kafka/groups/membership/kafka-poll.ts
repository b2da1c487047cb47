import { sleep } from '../../../deadline.ts';
import { GatewayError } from '../../../errors.ts';
import { groupUnsettled, movedMeanwhile, nothingToRead } from '../../../messages/consumers.ts';
import { type HandedOut, type Place, type PollOptions, type ReadRecords, type WantedRecords, waitOf } from './coordinator.ts';
import { ofPoll } from './fences.ts';
import { type Member, placesIn } from './member.ts';
import { movedRow, movesOf } from './moves.ts';
import { forget, type Remembered, remember } from './remembered.ts';
import { isMovedBy, isReplayOf, keyOf, pollKey, type Row, Rows, without } from './row.ts';
import type { Standing } from './standing.ts';
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
  readonly #beganAt = Date.now();
  #isAlone = true;

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
    }
    throw groupUnsettled();
  }

  get #waitUntil(): number {
    return Math.min(this.#beganAt + waitOf(this.#options, this.#standing.options), this.#standing.seat.deadline - MARGIN_MS);
  }

  /**
   * A poll of the consumer as this process remembers it. It reads the available records before Kafka confirms the consumer, so that the
   * broker's next answer is on its way while records are written into a page.
   */
  async #tryAsRemembered({ member, rows, nextBeatAt, isAlone }: Remembered): Promise<Outcome<Answer>> {
    const { seat, reader, options } = this.#standing;
    const isBeatDue = Date.now() >= nextBeatAt;
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
      if (!read.isEmpty || Date.now() >= this.#waitUntil) return this.#store(member, early.wanted, read, beatAt);
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
    const reading = readFrom(cluster, wanted, { options, deadline }, this.#read);
    reading.catch(() => {});
    return { wanted, reading };
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
   */
  async #store(
    member: Member,
    wanted: WantedRecords,
    { next, answer, isEmpty }: HandedOut<Answer>,
    nextBeatAt: number | null,
  ): Promise<Outcome<Answer>> {
    const { seat, reader, options, subscription, found } = this.#standing;
    const poll = this.#poll;
    const before = found.rows;
    const moves = movesOf(wanted, next, { reader, poll, options, rowOf: (place) => before.of(place), writesAll: true });
    if (moves.length === 0) {
      this.#remember(member, before, nextBeatAt);
      return { answer };
    }
    const outcome = await this.#standing.inTurn(wanted.positions, async ({ rows: now }) => {
      const moved = moves.flatMap(({ row }) => {
        const { reader, position } = now.of(row);
        return row.reader === reader && row.position === position ? [] : [row];
      });
      // The same poll was here, in a process whose answer did not arrive: hand out the same records again.
      if (wanted.positions.some((place) => isMovedBy(poll, reader, before.of(place), now.of(place)))) return 'fenced';
      if (moved.length > 0 && isEmpty) return 'done';
      // Deleting a topic deletes its offsets.
      const gone = without(moved, await existing(seat.cluster, moved, seat.deadline, Date.now()));
      if (moved.length > gone.length) throw movedMeanwhile();
      const left = moves.filter(({ row }) => !gone.includes(row));
      const rows = left.map((move) => movedRow(now.of(move.row), move, reader, subscription === null));
      const committed = await seat.commit(member, rows, ofPoll);
      if (committed === 'done') this.#remember(member, new Rows([...now.all(), ...rows]), nextBeatAt);
      return committed;
    });
    if (outcome === 'done') return { answer };
    // Another process may have stored this poll: its records are then the answer.
    return poll === null ? { answer: isEmpty ? answer : null } : 'fenced';
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

/** Whether nobody has moved the consumer in a partition. Committed offsets do not matter. */
const isAsItWas = ({ position, replay }: Row, now: Row | undefined): boolean =>
  now?.position === position && now.replay?.poll === replay?.poll && now.replay?.from === replay?.from;

function sameOwned(one: Member, other: Member): boolean {
  const [places, others] = [placesIn(one.owned), placesIn(other.owned)];
  return places.length === others.length && without(places, others).length === 0;
}
