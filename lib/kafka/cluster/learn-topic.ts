import { LEADER_NOT_AVAILABLE, NONE, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import type { TopicMetadata } from '../protocol/metadata.ts';
import { incarnationOf } from './incarnation.ts';

/** What is known of a topic: Kafka's error code, and the leader of each partition (-1: none) with its epoch. */
export interface KnownTopic {
  readonly error: number;
  readonly leaders: ReadonlyMap<number, number>;
  readonly leaderEpochs: ReadonlyMap<number, number>;
  /** The partitions that have a leader, or all if none has one: records without a key are spread over these. */
  readonly available: readonly number[];
  /** The topic's id in metadata; empty while unknown. */
  readonly id: string;
  /** Tells the topic from others of its name; undefined while the id is unknown. */
  readonly incarnation: string | undefined;
  /** When the id was asked for, in Unix milliseconds; 0 if it never was, or the topic has been missing since. */
  readonly idAsOf: number;
  /** When the metadata was asked for, in Unix milliseconds. */
  readonly asOf: number;
  /** Since when metadata lacks a topic that existed (Unix milliseconds); kept after the topic is taken for deleted. */
  readonly missingSince: number | null;
}

/** How long, without a break, metadata must lack a topic that this process has used before it is taken for deleted. */
const MISSING_MS = 2000;
/** Answers further apart than this say nothing about the time between them. */
const ON_END_MS = 1000;

/**
 * What is known after new metadata. Leaders are kept while a starting broker does not know the topic or its leaders yet: requests go to
 * the last known leader, which refuses them if it no longer leads.
 *
 * @param asked when the metadata was asked for, in Unix milliseconds
 */
export function learn(before: KnownTopic | undefined, { error, partitions, id: told }: TopicMetadata, asked: number): KnownTopic {
  const { id, idAsOf } = told === null ? { id: '', idAsOf: 0, ...before } : { id: told, idAsOf: asked };
  const incarnation = id === before?.id ? before.incarnation : incarnationOf(id);
  // The leaders of an older topic of that name do not lead this one.
  const isAnew = id !== '' && before !== undefined && before.id !== '' && before.id !== id;
  const known = isAnew ? undefined : before;
  let missingSince = error === UNKNOWN_TOPIC_OR_PARTITION ? (known?.missingSince ?? null) : null;
  if (known !== undefined && known.leaders.size > 0) {
    if (error === UNKNOWN_TOPIC_OR_PARTITION) {
      if (missingSince === null || asked - known.asOf > ON_END_MS) missingSince = asked;
      // Another topic may take its name.
      if (asked - missingSince < MISSING_MS) return { ...known, idAsOf: 0, error: LEADER_NOT_AVAILABLE, asOf: asked, missingSince };
    }
    if (error === LEADER_NOT_AVAILABLE) return { ...known, id, incarnation, idAsOf, asOf: asked };
  }
  const led = error === NONE || error === LEADER_NOT_AVAILABLE ? partitions : [];
  const leaders = new Map(led.map(({ id, leader }) => [id, leader]));
  const leaderEpochs = new Map(led.map(({ id, leaderEpoch }) => [id, leaderEpoch]));
  return { error, leaders, leaderEpochs, available: availableOf(leaders), id, incarnation, idAsOf, asOf: asked, missingSince };
}

function availableOf(leaders: ReadonlyMap<number, number>): number[] {
  const led = [...leaders].filter(([, leader]) => leader >= 0).map(([partition]) => partition);
  return led.length > 0 ? led : [...leaders.keys()];
}
