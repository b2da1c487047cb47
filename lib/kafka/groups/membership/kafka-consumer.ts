import { GatewayError } from '../../../errors.ts';
import { consumerNotFound, exclusive, groupsNotSupported, groupUnsettled, movedMeanwhile } from '../../../messages/consumers.ts';
import type { Relevant } from '../offsets.ts';
import { resolvePositions } from '../positions.ts';
import type { Consumer, ConsumerOptions, Place, PlaceCommit, PollOptions, ReadRecords, SeekTarget, Subscription } from './coordinator.ts';
import { ofPoll } from './fences.ts';
import { KafkaPoll } from './kafka-poll.ts';
import { type Member, placesIn } from './member.ts';
import { mustBeFree, mustOwn, topicsThere } from './places.ts';
import { forget, type Remembered } from './remembered.ts';
import { ownRow, type Row, type Rows, without } from './row.ts';
import type { Found, Seat } from './seat.ts';
import { deleteShadow, writeShadow } from './shadow.ts';
import type { Standing } from './standing.ts';
import type { Arrival } from './term.ts';
import { setTermAfter } from './term-of-rows.ts';

const MOST_TRIES = 4;

/** A consumer that is a member of a group in Kafka. @see stateless consumers in docs/api/consumers.md */
export class KafkaConsumer implements Consumer {
  readonly name: string;
  readonly #standing: Standing;
  readonly #arrival: Arrival;
  readonly #known: Remembered | null;

  /**
   * @param arrival of the request that has found it
   * @param known for a consumer that is remembered instead of found: it can only be polled
   */
  constructor(standing: Standing, arrival: Arrival, known: Remembered | null = null) {
    this.name = standing.name;
    this.#standing = standing;
    this.#arrival = arrival;
    this.#known = known;
  }

  get options(): ConsumerOptions {
    return this.#standing.options;
  }

  get subscription(): Subscription | null {
    return this.#standing.subscription;
  }

  get partitions(): readonly Place[] {
    return this.#standing.partitions;
  }

  get #seat(): Seat {
    return this.#standing.seat;
  }

  async subscribe(subscription: Subscription | null): Promise<void> {
    const { cluster, group, deadline } = this.#seat;
    const { topics, pattern } = { topics: [], pattern: '', ...subscription };
    const before = this.#standing.found.member;
    const { memberId, epoch } = before;
    if (epoch === null && subscription !== null) throw groupsNotSupported();
    if (subscription !== null && this.subscription === null && this.partitions.length > 0) throw exclusive();
    if (this.subscription === null && subscription === null) await this.assign([]);
    const { since } = this.#arrival;
    await writeShadow(cluster, group, this.name, { memberId, topics, pattern, since }, topics, deadline);
    await this.#again(async ({ member }) => {
      if (this.subscription !== null) await this.#standing.commit(member, this.#rowsToKeep(member), ofPoll);
      const beaten = await this.#seat.beat({ ...member, topics, pattern });
      if (beaten === null) return 'fenced';
      const lost = without(placesIn(member.owned), placesIn(beaten.owned));
      if (lost.length === 0) return 'done';
      // What this gives up is free for others at once.
      const isReleased = (await this.#standing.commit(beaten, this.#standing.released(lost, null), ofPoll)) === 'done';
      return isReleased && (await this.#seat.beat(beaten)) !== null ? 'done' : 'fenced';
    }).catch(async (error: unknown) => {
      // Kafka refuses the pattern: the consumer must not rejoin with it, but with what it had before.
      if (error instanceof GatewayError && error.name === 'InvalidRecord') {
        const isNew = before.topics.length === 0 && before.pattern === '';
        await (isNew
          ? deleteShadow(cluster, group, this.name, deadline)
          : writeShadow(cluster, group, this.name, { ...before, since }, before.topics, deadline));
      }
      throw error;
    });
    forget(cluster, group, this.name);
  }

  async assign(places: readonly Place[]): Promise<void> {
    const { cluster, group, deadline } = this.#seat;
    if (this.subscription !== null) throw exclusive();
    const topics = await topicsThere(cluster, places, deadline);
    const { memberId } = this.#standing.found.member;
    const shadow = { memberId, topics: [], pattern: '', since: 0 };
    if (places.length > 0) await writeShadow(cluster, group, this.name, shadow, topics, deadline);
    await this.#again(({ member, rows, readers }) => {
      const { reader } = this.#standing;
      mustBeFree(places, (place) => rows.of(place), reader, readers);
      const given = without(this.partitions, places).map((place) => ownRow(rows.of(place), ''));
      const kept = places.map((place) => {
        const row = rows.of(place);
        return { ...ownRow(row, reader), byHand: true };
      });
      this.#setTermAfter(kept, places, rows);
      return this.#settle(member, [...given, ...kept]);
    });
  }

  async commit(offsets: readonly PlaceCommit[] | null): Promise<void> {
    await this.#again(({ member, rows }) => {
      const { reader } = this.#standing;
      mustOwn(this.partitions, offsets ?? []);
      if (offsets === null) this.#mustBeLatest();
      const commits = offsets?.map((one): Row => {
        const row = ownRow(rows.of(one), reader);
        return { ...row, position: row.position ?? one.offset, committed: one.offset, metadata: one.metadata };
      });
      const handedOut = this.partitions.flatMap((place) => {
        const row = rows.of(place);
        return row.reader === reader && row.position !== null ? [{ ...row, committed: row.position }] : [];
      });
      return commits === undefined ? this.#settle(member, handedOut, ofPoll) : this.#settle(member, commits);
    });
  }

  async seek(targets: readonly SeekTarget[]): Promise<void> {
    mustOwn(this.partitions, targets);
    const wanted = targets.map(({ topic, partition, to }) => ({ topic, partition, at: to, metadata: null }));
    const found = await resolvePositions(this.#seat.cluster, wanted, this.#seat.deadline);
    await this.#again(({ member, rows }) => {
      mustOwn(this.partitions, targets);
      this.#mustBeLatest();
      const { reader } = this.#standing;
      const moved = found.map(({ topic, partition, offset }) => {
        const row = rows.of({ topic, partition });
        return { ...ownRow(row, reader), position: offset, replay: null, byHand: this.subscription === null };
      });
      this.#setTermAfter(moved, this.partitions, rows);
      return this.#settle(member, moved, ofPoll);
    });
  }

  async leave(): Promise<void> {
    const { cluster, group, deadline } = this.#seat;
    await this.#again(async ({ member }) => {
      const rows = this.options.autoCommit ? this.#standing.handedOut(this.partitions) : [];
      // Nobody may have received what a poll that arrived later has handed out.
      const outcome = this.#standing.isOvertaken(this.#arrival) ? 'done' : await this.#standing.commit(member, rows, ofPoll);
      if (outcome !== 'fenced') await this.#seat.leave(member);
      return outcome === 'fenced' ? outcome : 'done';
    });
    forget(cluster, group, this.name);
    await deleteShadow(cluster, group, this.name, deadline);
  }

  poll<Answer>(options: PollOptions, read: ReadRecords<Answer>): Promise<Answer | null> {
    return new KafkaPoll(this.#standing, options, read).run(this.#known);
  }

  /** @throws {GatewayError} IllegalState if this request was late: its client waits for it no longer */
  #mustBeLatest(): void {
    if (this.#standing.isOvertaken(this.#arrival)) throw movedMeanwhile();
  }

  /** The rows to write before another subscription: with auto commit, what was handed out is committed. */
  #rowsToKeep({ owned }: Member): Row[] {
    const places = placesIn(owned);
    const rows = this.options.autoCommit ? this.#standing.handedOut(places) : [];
    this.#setTermAfter(rows, places, this.#standing.found.rows);
    return rows;
  }

  #setTermAfter(rows: Row[], places: readonly Place[], now: Rows): void {
    const { reader } = this.#standing;
    setTermAfter(rows, places, (place) => now.of(place), { reader, byHand: this.subscription === null, since: this.#arrival.since });
  }

  /** Writes rows. A commit does not keep the session alive, so a heartbeat goes with it. */
  async #settle(member: Member, rows: readonly Row[], relevant?: Relevant): Promise<'done' | 'fenced'> {
    const [outcome, hasChanged] = await Promise.all([this.#standing.commit(member, rows, relevant), this.#seat.stay(member)]);
    // The next poll must handle it, and not only the next heartbeat.
    if (hasChanged) forget(this.#seat.cluster, this.#seat.group, this.name);
    return outcome === 'done' ? 'done' : 'fenced';
  }

  /** Acts on the consumer as it was found. If the group has moved on, finds it again and acts on that. */
  async #again(act: (found: Found) => Promise<'done' | 'fenced'>): Promise<void> {
    const { memberId } = this.#standing.found.member;
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      if ((await this.#standing.inTurn(null, act)) === 'done') return;
      await this.#standing.findAgain();
      // The consumer was deleted and recreated.
      if (this.#standing.found.member.memberId !== memberId) throw consumerNotFound(this.name);
    }
    throw groupUnsettled();
  }
}
