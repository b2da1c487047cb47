import { groupUnsettled, nothingToRead } from '../../../messages/consumers.ts';
import type { PollOptions, ReadRecords, WantedRecords } from './coordinator.ts';
import { giveUp, leftBehind, takeOver } from './handover.ts';
import { type Member, placesIn } from './member.ts';
import { type Outcome, PollCommits } from './poll-commits.ts';
import { isOfEarlier, type PollTimes, timesOf } from './poll-times.ts';
import { forget, type Remembered, remember } from './remembered.ts';
import { isAsItWas, pollKey, type Rows, without } from './row.ts';
import type { Standing } from './standing.ts';
import { isRepetition } from './term-of-rows.ts';
import { type HandedOutAt, readFrom, wantedOf } from './wanted.ts';

const MOST_TRIES = 4;

/** What a poll has begun to read. */
interface Reading<Answer> {
  readonly wanted: WantedRecords;
  readonly reading: Promise<HandedOutAt<Answer>>;
}

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
  readonly #asked: PollOptions;
  readonly #read: ReadRecords<Answer>;
  readonly #poll: string | null;
  readonly #commits: PollCommits;
  #times: PollTimes;
  #isAlone = true;

  constructor(standing: Standing, asked: PollOptions, read: ReadRecords<Answer>) {
    this.#standing = standing;
    this.#asked = asked;
    this.#read = read;
    this.#poll = asked.pollId === null ? null : pollKey(asked.pollId);
    this.#commits = new PollCommits(standing, this.#poll);
    this.#times = timesOf(asked, standing.options, standing.seat.deadline);
  }

  /** @param known what is remembered of the consumer, if nobody looked for it */
  async run(known: Remembered | null): Promise<Answer | null> {
    const { seat, name } = this.#standing;
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      if (isOfEarlier(this.#asked, this.#standing.identity)) return null;
      if (this.#standing.subscription === null && this.#standing.partitions.length === 0) throw nothingToRead();
      const outcome = await (known !== null && tries === 1 ? this.#tryAsRemembered(known) : this.#tryAsFound());
      if (outcome !== 'fenced') return outcome.answer;
      forget(seat.cluster, seat.group, name);
      await this.#standing.findAgain();
      if (this.#commits.isOvertaken) return null;
      // The consumer may have been recreated with other options.
      this.#times = timesOf(this.#asked, this.#standing.options, seat.deadline);
    }
    throw groupUnsettled();
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
      if (!read.handedOut.isEmpty || Date.now() >= this.#times.waitUntil) return this.#store(member, early.wanted, read, beatAt);
    }
    const { wanted, reading } = await this.#begin(member);
    return this.#store(member, wanted, await reading, beatAt);
  }

  /** A poll of the consumer as it was found, which may have changed since. */
  async #tryAsFound(): Promise<Outcome<Answer>> {
    const { seat, found } = this.#standing;
    const { member } = found;
    if (this.#commits.isLate(this.#times.bounds)) {
      const { wanted, reading } = await this.#begin(member, false);
      return isRepetition(wanted) ? this.#store(member, wanted, await reading, null) : { answer: null };
    }
    const left = leftBehind(this.#standing, this.#poll);
    if (left.length > 0 && !(await giveUp(this.#standing, left, this.#poll))) return 'fenced';
    const { wanted, reading } = await this.#begin(member);
    const beaten = await seat.beat(member);
    if (beaten === null) return 'fenced';
    if (sameOwned(beaten, member) && wanted.positions.length > 0) return this.#store(beaten, wanted, await reading, seat.nextBeatAt);

    const settled = await takeOver(this.#standing, member, beaten, { poll: this.#poll, waitUntil: this.#times.waitUntil });
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
  async #begin(member: Member, waits = true): Promise<Reading<Answer>> {
    const { seat, reader, options } = this.#standing;
    const { cluster, deadline } = seat;
    const rows = this.#standing.placesOf(member).map((place) => this.#standing.rowOf(place));
    const { waitUntil, bounds } = this.#times;
    const wanted = await wantedOf(cluster, rows, { reader, poll: this.#poll, waitUntil: waits ? waitUntil : 0, options, deadline });
    if (wanted.waitMs > 0) await this.#commits.announce(member, { wanted, bounds });
    const reading = readFrom(cluster, wanted, { options, deadline }, this.#read);
    reading.catch(() => {});
    return { wanted, reading };
  }

  /** @param nextBeatAt when the next heartbeat is due; null for a consumer that is not a member */
  #store(member: Member, wanted: WantedRecords, read: HandedOutAt<Answer>, nextBeatAt: number | null): Promise<Outcome<Answer>> {
    const { bounds } = this.#times;
    return this.#commits.store(member, { wanted, bounds }, read, (rows) => this.#remember(member, rows, nextBeatAt));
  }

  #remember(member: Member, rows: Rows, nextBeatAt: number | null): void {
    const { seat, name, reader, identity } = this.#standing;
    // A heartbeat that asks for the assignment must contain the pattern, which may have changed by then.
    if (member.topics.length === 0 || nextBeatAt === null) return;
    const own = placesIn(member.owned).map((place) => rows.of(place));
    if (own.length === 0 || own.some((row) => row.reader !== reader || row.position === null)) return;
    remember(seat.cluster, seat.group, name, { member, identity, rows: own, nextBeatAt, isAlone: this.#isAlone });
  }
}

function sameOwned(one: Member, other: Member): boolean {
  const [places, others] = [placesIn(one.owned), placesIn(other.owned)];
  return places.length === others.length && without(places, others).length === 0;
}
