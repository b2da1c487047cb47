import { LEADER_NOT_AVAILABLE, NONE, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import type { TopicMetadata } from '../protocol/metadata.ts';

/** What is known of a topic: Kafka's error code, and who leads each partition (-1: nobody). */
export interface KnownTopic {
  readonly error: number;
  readonly leaders: ReadonlyMap<number, number>;
  /** The partitions that somebody leads, or all where nobody leads any: what records without a key are spread over. */
  readonly available: readonly number[];
  /** As metadata have it; empty where none is known. */
  readonly id: string;
  /** When the id was asked for, in Unix milliseconds; 0 where it never was. */
  readonly idAsOf: number;
  /** When the metadata was asked for, in Unix milliseconds. */
  readonly asOf: number;
  /** Since when a topic that was there is said not to be; kept once that is believed. */
  readonly missingSince: number | null;
}

/** How long on end a topic that this process has used may be missing before it is believed to be deleted. */
const MISSING_MS = 2000;
/** Answers that lie further apart say nothing of the time between them. */
const ON_END_MS = 1000;

/**
 * What is known after new metadata. Leaders are kept through the moments in which a starting broker does not know the topic, or
 * nothing of its leaders: whoever led is asked, and says itself where to go.
 *
 * @param asked when the metadata was asked for, in Unix milliseconds
 */
export function learn(before: KnownTopic | undefined, { error, partitions, id: told }: TopicMetadata, asked: number): KnownTopic {
  const { id, idAsOf } = told === null ? { id: '', idAsOf: 0, ...before } : { id: told, idAsOf: asked };
  // Whoever led another topic of that name leads none of this one.
  const isAnew = id !== '' && before !== undefined && before.id !== '' && before.id !== id;
  const known = isAnew ? undefined : before;
  let missingSince = error === UNKNOWN_TOPIC_OR_PARTITION ? (known?.missingSince ?? null) : null;
  if (known !== undefined && known.leaders.size > 0) {
    if (error === UNKNOWN_TOPIC_OR_PARTITION) {
      if (missingSince === null || asked - known.asOf > ON_END_MS) missingSince = asked;
      if (asked - missingSince < MISSING_MS) return { ...known, error: LEADER_NOT_AVAILABLE, asOf: asked, missingSince };
    }
    if (error === LEADER_NOT_AVAILABLE) return { ...known, id, idAsOf, asOf: asked };
  }
  const leaders = new Map(error === NONE || error === LEADER_NOT_AVAILABLE ? partitions.map(({ id, leader }) => [id, leader]) : []);
  return { error, leaders, available: availableOf(leaders), id, idAsOf, asOf: asked, missingSince };
}

function availableOf(leaders: ReadonlyMap<number, number>): number[] {
  const led = [...leaders].filter(([, leader]) => leader >= 0).map(([partition]) => partition);
  return led.length > 0 ? led : [...leaders.keys()];
}
