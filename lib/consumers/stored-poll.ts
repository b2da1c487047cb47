import { sleep } from '../deadline.ts';
import { type HandedOut, type PollOptions, type ReadRecords, type WantedRecords, waitOf } from '../kafka/groups/membership/coordinator.ts';
import { movedRow, movesOf } from '../kafka/groups/membership/moves.ts';
import { isMovedBy, pollKey, without } from '../kafka/groups/membership/row.ts';
import { readFrom, wantedOf } from '../kafka/groups/membership/wanted.ts';
import { groupUnsettled, movedMeanwhile, nothingToRead } from '../messages/consumers.ts';
import { mirror } from './mirror.ts';
import { settle } from './settle.ts';
import { SESSION_MS, StoredGroup } from './stored-group.ts';
import { type StoredStanding, subscriptionOf } from './stored-standing.ts';

const MOST_TRIES = 4;
/** Taken off the wait, so that its result can be settled before the deadline. */
const MARGIN_MS = 1000;
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
  readonly #poll: string | null;
  readonly #waitUntil: number;
  readonly #read: ReadRecords<Answer>;

  constructor(standing: StoredStanding, asked: PollOptions, read: ReadRecords<Answer>) {
    this.#standing = standing;
    this.#poll = asked.pollId === null ? null : pollKey(asked.pollId);
    this.#waitUntil = Math.min(Date.now() + waitOf(asked, standing.options), standing.item.deadline - MARGIN_MS);
    this.#read = read;
  }

  async run(): Promise<Answer | null> {
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
    await this.#takeShare();
    this.#mustHaveSomething();
    const { item, options, reader } = this.#standing;
    const { cluster, group, deadline } = item;
    const before = this.#standing.reading.group;
    const rows = this.#standing.partitions.map((place) => before.of(place));
    const [poll, waitUntil] = [this.#poll, this.#waitUntil];
    const wanted = await wantedOf(cluster, rows, { reader, poll, waitUntil, options, deadline });
    const [handedOut] = await Promise.all([
      readFrom(cluster, wanted, { options, deadline }, this.#read),
      mirror(cluster, group, before, deadline),
    ]);
    return this.#store(before, wanted, handedOut);
  }

  /** Brings the group up to date; if the consumer has no partitions, waits for some. */
  async #takeShare(): Promise<void> {
    const standing = this.#standing;
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_LOOK_MS)) {
      await this.#settleIfDue();
      if (standing.partitions.length > 0 || standing.subscription === null || Date.now() + pauseMs >= this.#waitUntil) return;
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
    const isShort = member.until - now < Math.max(LEAST_LEFT_MS, this.#waitUntil - now + BEYOND_WAIT_MS);
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
    wanted: WantedRecords,
    { next, answer, isEmpty }: HandedOut<Answer>,
  ): Promise<{ answer: Answer | null } | 'again'> {
    const { reader, options } = this.#standing;
    const poll = this.#poll;
    const moves = movesOf(wanted, next, { reader, poll, options, rowOf: (place) => before.of(place), writesAll: false });
    if (moves.length === 0) return { answer };
    let isRepeated = false;
    const isStored = await this.#standing.change(
      (group, member) => {
        const places = moves.map(({ row }) => row);
        const isLost = without(places, group.placesOf(member)).length > 0;
        // If another process has stored this poll, and its answer did not arrive, the same records are handed out again.
        isRepeated =
          poll !== null && (isLost || wanted.positions.some((place) => isMovedBy(poll, reader, before.of(place), group.of(place))));
        if (isLost || isRepeated) return null;
        for (const move of moves) {
          const newest = group.of(move.row);
          const isAnew = group.isAnew(move.row.topic, before);
          const isMoved = isAnew || newest.reader !== move.row.reader || newest.position !== move.row.position;
          if (isMoved && isEmpty) return null;
          if (isMoved) throw movedMeanwhile();
          group.put(movedRow(newest, move, reader, subscriptionOf(member) === null));
        }
        return true;
      },
      () => null,
    );
    if (isRepeated) return 'again';
    return { answer: isStored || isEmpty ? answer : null };
  }
}
