import { sleep } from '../deadline.ts';
import type { Place, PollOptions, ReadRecords, WantedRecords } from '../kafka/groups/membership/coordinator.ts';
import { movedRow, movesOf, mustMoveNothing } from '../kafka/groups/membership/moves.ts';
import { isOvertaken, type ReadFrom } from '../kafka/groups/membership/overtaken.ts';
import { isOfEarlier, type PollTimes, timesOf } from '../kafka/groups/membership/poll-times.ts';
import { isMovedBy, pollKey, without } from '../kafka/groups/membership/row.ts';
import { isSameTerm, type Term } from '../kafka/groups/membership/term.ts';
import { isRepetition, mayTake } from '../kafka/groups/membership/term-of-rows.ts';
import { type HandedOutAt, readFrom, wantedOf } from '../kafka/groups/membership/wanted.ts';
import { groupUnsettled, movedMeanwhile, nothingToRead } from '../messages/consumers.ts';
import { mirror } from './mirror.ts';
import { settle } from './settle.ts';
import { SESSION_MS, StoredGroup } from './stored-group.ts';
import { type StoredStanding, subscriptionOf } from './stored-standing.ts';

const MOST_TRIES = 4;
/** A poll that changes nothing does not extend the session while this much of it is left. */
const LEAST_LEFT_MS = SESSION_MS / 2;
/** How long a session must last beyond the wait of a poll. */
const BEYOND_WAIT_MS = 5000;
/** The pauses after which a consumer that waits for partitions looks for them: the first, and the longest. */
const FIRST_LOOK_MS = 50;
const LONGEST_LOOK_MS = 1000;

/** One poll of a consumer in the item of its group: takes its share, reads, and writes where to continue. */
export class StoredPoll<Answer> {
  readonly #standing: StoredStanding;
  readonly #asked: PollOptions;
  readonly #poll: string | null;
  readonly #times: PollTimes;
  readonly #read: ReadRecords<Answer>;
  /** What the poll has read from, once it could not store its answer. */
  #before: ReadFrom | null = null;

  constructor(standing: StoredStanding, asked: PollOptions, read: ReadRecords<Answer>) {
    this.#standing = standing;
    this.#asked = asked;
    this.#poll = asked.pollId === null ? null : pollKey(asked.pollId);
    this.#times = timesOf(asked, standing.options, standing.item.deadline);
    this.#read = read;
  }

  async run(): Promise<Answer | null> {
    if (isOfEarlier(this.#asked, this.#standing)) return null;
    this.#mustHaveSomething();
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const outcome = await this.#try();
      if (outcome !== 'again') return outcome.answer;
    }
    throw groupUnsettled();
  }

  /** @throws {GatewayError} for a consumer that reads nothing; an assignment by hand goes with its topic */
  #mustHaveSomething(): void {
    const { subscription, partitions } = this.#standing;
    if (subscription === null && partitions.length === 0) throw nothingToRead();
  }

  async #try(): Promise<{ answer: Answer | null } | 'again'> {
    if (this.#isOvertaken) return { answer: null };
    if (!this.#isLate) await this.#takeShare();
    this.#mustHaveSomething();
    const { item, options, reader } = this.#standing;
    const { cluster, group, deadline } = item;
    const before = this.#standing.reading.group;
    const rows = this.#standing.partitions.map((place) => before.of(place));
    const wanted = await wantedOf(cluster, rows, { reader, poll: this.#poll, waitUntil: this.#times.waitUntil, options, deadline });
    if (this.#isLate && !isRepetition(wanted)) return { answer: null };
    const term = await this.#termOf(wanted);
    const [read] = await Promise.all([
      readFrom(cluster, wanted, { options, deadline }, this.#read),
      mirror(cluster, group, before, deadline),
    ]);
    return this.#store(before, term, wanted, read);
  }

  /** The term of a poll that may take records: as long as the poll waits, if it does. Null if there is none; undefined for other polls. */
  async #termOf(wanted: WantedRecords): Promise<Term | null | undefined> {
    if (this.#poll === null || !mayTake(wanted)) return;
    const { name, reading } = this.#standing;
    const { term } = this.#standing.memberIn(reading.group);
    const announced = wanted.waitMs > 0 ? this.#times.bounds.announced(term) : null;
    if (announced === null) return term;
    const isSet = await this.#standing.change((group, member) => {
      if (!isSameTerm(member.term, term)) return null;
      group.members.set(name, { ...member, term: announced });
      return true;
    });
    return isSet ? announced : term;
  }

  /** Whether the answer could not be stored, and another poll was answered since. */
  get #isOvertaken(): boolean {
    if (this.#before === null) return false;
    const { group } = this.#standing.reading;
    const now = { rows: this.#before.rows.map((row) => group.of(row)), term: this.#standing.memberIn(group).term };
    return isOvertaken(this.#before, now, this.#standing.reader, this.#poll);
  }

  /**
   * Whether the consumer was moved by a request that arrived later than this poll: then this one changes nothing. What a later poll has
   * handed out may have been received, if that repeats this one, or not.
   */
  get #isLate(): boolean {
    const { term } = this.#standing.memberIn(this.#standing.reading.group);
    return this.#poll !== null && this.#times.bounds.isOvertaken(term);
  }

  /** Brings the group up to date; if the consumer has no partitions, waits for some. */
  async #takeShare(): Promise<void> {
    const standing = this.#standing;
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_LOOK_MS)) {
      await this.#settleIfDue();
      if (standing.partitions.length > 0 || standing.subscription === null || Date.now() + pauseMs >= this.#times.waitUntil) return;
      await sleep(pauseMs);
      standing.reading = await standing.item.read();
    }
  }

  /** Writes nothing if the group is up to date, and enough of the session is left. */
  async #settleIfDue(): Promise<void> {
    const standing = this.#standing;
    const poll = this.#poll;
    const { stored, group } = standing.reading;
    const member = standing.memberIn(group);
    const topics = await standing.topicsNow(group, member);
    const now = Date.now();
    const draft = new StoredGroup(stored.text);
    settle(draft, standing.name, topics, { now, autoCommit: standing.options.autoCommit, poll });
    draft.members.set(standing.name, { ...standing.memberIn(draft), until: member.until });
    const isShort = member.until - now < Math.max(LEAST_LEFT_MS, this.#times.waitUntil - now + BEYOND_WAIT_MS);
    if (!isShort && draft.toText() === group.toText()) return;
    await standing.change(async (changed) => {
      await standing.settle(changed, topics, poll);
      return true;
    });
  }

  /**
   * One write does three things: it stores where to continue, it makes automatic commits, and it is the fence, as it fails if the consumer
   * has lost a partition meanwhile, or is gone.
   */
  async #store(
    before: StoredGroup,
    term: Term | null | undefined,
    wanted: WantedRecords,
    { handedOut: { next, answer, isEmpty }, readAt }: HandedOutAt<Answer>,
  ): Promise<{ answer: Answer | null } | 'again'> {
    const { name, reader, options } = this.#standing;
    const poll = this.#poll;
    const renewed = term === undefined ? null : this.#times.bounds.renewed(term, readAt, isEmpty);
    const isLate = renewed !== null && !isEmpty;
    // A later poll has taken records before this one began: nobody waits for this one, nor has anybody received those records yet.
    if (term !== undefined && this.#times.bounds.isOvertaken(term)) return { answer: isEmpty ? answer : null };
    const rowOf = (place: Place) => before.of(place);
    const moves = isLate ? [] : movesOf(wanted, next, { reader, poll, options, isEmpty, rowOf, writesAll: false });
    if (isRepetition(wanted) && this.#isLate) {
      mustMoveNothing(moves);
      return { answer };
    }
    if (moves.length === 0 && renewed === null) return { answer };
    let [isRepeated, isOvertaken] = [false, false];
    const isStored = await this.#standing.change(
      (group, member) => {
        const places = moves.map(({ row }) => row);
        const isLost = without(places, group.placesOf(member)).length > 0;
        // If another process has stored this poll, and its answer did not arrive, the same records are handed out again.
        isRepeated =
          poll !== null && (isLost || wanted.positions.some((place) => isMovedBy(poll, reader, before.of(place), group.of(place))));
        if (isLost || isRepeated) return null;
        isOvertaken = term !== undefined && !isSameTerm(term, member.term);
        for (const move of isOvertaken ? [] : moves) {
          const newest = group.of(move.row);
          const isAnew = group.isAnew(move.row.topic, before);
          const isMoved = isAnew || newest.reader !== move.row.reader || newest.position !== move.row.position;
          if (isMoved && isEmpty) return null;
          if (isMoved) throw movedMeanwhile();
          group.put(movedRow(newest, move, reader, subscriptionOf(member) === null));
        }
        const set = term === undefined ? null : this.#times.bounds.stored(member.term, renewed, { isOvertaken, isEmpty });
        if (set !== null) group.members.set(name, { ...member, term: set });
        return true;
      },
      () => null,
    );
    if (isRepeated) {
      this.#before = { rows: wanted.positions.map(rowOf), term: term ?? null };
      return 'again';
    }
    return { answer: isEmpty || (isStored && !isLate && !isOvertaken) ? answer : null };
  }
}
