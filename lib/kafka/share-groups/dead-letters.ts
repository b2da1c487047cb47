import { BoundedMap } from '../../bounded-map.ts';
import { GatewayError } from '../../errors.ts';
import { log } from '../../telemetry/log.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { PerCluster } from '../cluster/per-cluster.ts';
import { deadLetterHeaders } from '../dead-letter-headers.ts';
import type { OutgoingRecord } from '../produce/assignment.ts';
import { producerOf } from '../produce/produce-records.ts';
import type { StoredRecord } from '../record.ts';
import { queueSettings } from './queues.ts';
import type { HeldRun } from './received.ts';
import { settleIn } from './settle-in.ts';
import { recordAt } from './stored-records.ts';

/** The dead letter topic of a topic; null if it has none. */
export type DeadLetterTopic = (topic: string) => string | null;

/** A record, its place, and why it is a dead letter. */
export interface DeadLetter {
  topic: string;
  partition: number;
  record: StoredRecord;
  /** How often it was delivered before; null if unknown. */
  deliveries: number | null;
  /** Why, for people: `deliveries`, or the reason that the client gave for its rejection. */
  reason: string;
}

/** The last deliveries, this many, are reserved for copying: after its own limit, Kafka delivers a record to nobody. */
export const COPY_TRIES = 2;
const SETTINGS_MS = 60_000;
const MOST_GROUPS = 10_000;
/** Copying takes at most this part of what is left of the locks: whoever receives the other records needs the rest. */
const COPY_PART = 0.5;

const limits = new PerCluster(() => new BoundedMap<string, { limit: number; asOf: number }>(MOST_GROUPS));

/** After how many deliveries a record is a dead letter; the group's settings are read once a minute. */
async function mostDeliveries(cluster: Cluster, group: string, deadline: number): Promise<{ most: number; limit: number }> {
  const known = limits.of(cluster);
  let found = known.get(group);
  if (found === undefined || Date.now() - found.asOf > SETTINGS_MS) {
    const { deliveryLimit } = await queueSettings(cluster, group, deadline);
    found = { limit: deliveryLimit, asOf: Date.now() };
    known.set(group, found);
  }
  return { most: Math.max(1, found.limit - COPY_TRIES), limit: found.limit };
}

/** Makes the next receive read the settings of a group again. */
export const forgetDeliveryLimit = (cluster: Cluster, group: string): void => {
  limits.of(cluster).delete(group);
};

/**
 * Takes those received records out that were delivered often enough: copies them to their dead letter topic, then rejects them. Records
 * that cannot be copied are released, so that their next delivery is another try.
 */
export async function withoutDeadLetters(
  cluster: Cluster,
  group: string,
  runs: readonly HeldRun[],
  topicOf: DeadLetterTopic,
  deadline: number,
): Promise<HeldRun[]> {
  if (!runs.some(({ topic, records }) => topicOf(topic) !== null && records.some(({ deliveries }) => deliveries > 1))) return [...runs];
  const now = Date.now();
  const lockedUntil = Math.min(...runs.map(({ session }) => session.until));
  const copyUntil = Math.min(deadline, now + Math.max(0, lockedUntil - now) * COPY_PART);
  const settings = await mostDeliveries(cluster, group, copyUntil).catch((error: unknown) => {
    if (!(error instanceof GatewayError)) throw error;
    // Given back, they would count as delivered once more: whoever receives them can settle them.
    log.error('dead_letter_failed', 'The delivery limit of a queue cannot be read', { group, error });
    return null;
  });
  if (settings === null) return [...runs];
  const { most, limit } = settings;
  const left: HeldRun[] = [];
  for (const run of runs) {
    const { topic, partition, session } = run;
    const isDead = ({ deliveries }: { deliveries: number }) => topicOf(topic) !== null && deliveries > most;
    const dead = run.records.filter(isDead);
    left.push({ ...run, records: run.records.filter((record) => !isDead(record)) });
    if (dead.length === 0) continue;
    const letters = dead.map((record): DeadLetter => {
      return { topic, partition, record, deliveries: record.deliveries - 1, reason: 'deliveries' };
    });
    const copied = await copyDeadLetters(cluster, letters, topicOf, copyUntil, ({ record }, error) => {
      const isLast = dead.some(({ offset, deliveries }) => offset === record.offset && deliveries >= limit);
      const message = 'A record could not be copied to its dead letter topic';
      const why = error ?? new Error('the record is gone');
      log.error('dead_letter_failed', message, { group, topic, partition, offset: record.offset, isLast, error: why });
    });
    const rangesOf = (wanted: boolean) =>
      dead.filter((_, i) => copied[i] === wanted).map(({ first, last }) => ({ topicId: run.topicId, partition, first, last }));
    if (copied.includes(true)) await settleIn(session, 'reject', rangesOf(true));
    if (copied.includes(false)) await settleIn(session, 'release', rangesOf(false));
    session.left -= dead.length;
  }
  return left.filter(({ records }) => records.length > 0);
}

/**
 * Copies records to their dead letter topics, and adds headers that say where they come from and why.
 *
 * @param onFailure is called for each that was not written; without an error for one that is gone
 * @returns for each whether it was written
 */
export async function copyDeadLetters(
  cluster: Cluster,
  letters: readonly DeadLetter[],
  topicOf: DeadLetterTopic,
  deadline: number,
  onFailure: (letter: DeadLetter, error: GatewayError | null) => void,
): Promise<boolean[]> {
  const copies: { place: number; copy: OutgoingRecord }[] = [];
  const results = letters.map(() => false);
  for (const [place, letter] of letters.entries()) {
    const { topic, partition, record, deliveries, reason } = letter;
    // A record that is too large for an answer was read without its content.
    const whole = record.tooLarge === undefined ? record : await wholeOf(cluster, letter, deadline);
    if (whole === null || whole instanceof GatewayError) {
      onFailure(letter, whole);
      continue;
    }
    const facts = { topic, partition, offset: record.offset, deliveries, reason };
    const headers = [...(whole.headers ?? []), ...deadLetterHeaders(facts)];
    const { key, value } = whole;
    copies.push({ place, copy: { topic: topicOf(topic) ?? '', partition: null, key, value, headers, timestamp: Date.now() } });
  }
  const written = await producerOf(cluster).produce(
    copies.map(({ copy }) => copy),
    { acks: -1, compression: null, deadline },
  );
  for (const [i, result] of written.entries()) {
    const { place } = copies[i];
    if ('error' in result) onFailure(letters[place], result.error);
    else results[place] = true;
  }
  return results;
}

/** The record with its content, or the error that keeps it from being read; null if it is gone. */
async function wholeOf(cluster: Cluster, { topic, partition, record }: DeadLetter, deadline: number) {
  try {
    return await recordAt(cluster, { topic, partition, offset: record.offset }, deadline);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}
