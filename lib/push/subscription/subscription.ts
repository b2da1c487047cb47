import type { Named } from '../../access/caller.ts';
import type { Grant } from '../../access/grants.ts';
import { topicPattern } from '../../topic-pattern/topic-pattern.ts';

/** The form of a delivery's body. */
export type BodyForm = 'raw' | 'json' | 'cloudevents';

/** How JSON shows keys and values. */
export type FieldFormat = 'json' | 'text' | 'binary';

/** How the gateway authenticates to an endpoint; Secrets Manager holds the secret values, under this name. */
export type TargetAuth = { readonly type: 'none' } | { readonly type: 'basic' | 'bearer' | 'oauth2'; readonly secret: string };

/** What a subscription does, as its owner wrote it, with defaults filled in. */
export interface Definition {
  /** Topic names, without duplicates; empty with a pattern. */
  readonly topics: readonly string[];
  readonly topics_pattern: string | null;
  readonly url: string;
  /** Filters as of pages; a record must pass all of them. */
  readonly filter: readonly string[];
  readonly format: BodyForm;
  readonly key_format: FieldFormat;
  readonly value_format: FieldFormat;
  /** Most records in one delivery, all of one partition, and how long to wait for more, in milliseconds. */
  readonly batch: { readonly max: number; readonly wait: number };
  /** `key`: records with the same key are delivered one after the other. */
  readonly order: 'key' | 'none';
  /** Most deliveries in flight. */
  readonly concurrency: number;
  readonly delivery: 'at-least-once' | 'at-most-once';
  readonly auth: TargetAuth;
  /** Names of secrets. */
  readonly signing: { readonly secret: string; readonly previous: string | null };
  readonly retry: {
    /** Statuses to retry; null: all but those that say the request is wrong. */
    readonly statuses: readonly number[] | null;
    /** Seconds before each further attempt. */
    readonly schedule: readonly number[];
  };
  readonly dead_letter_topic: string | null;
  /** Where a new subscription begins: Unix milliseconds, or an end of the log. */
  readonly from: 'earliest' | 'latest' | number;
}

/**
 * `pending` until the endpoint answers a ping; `active` while it is delivered; `paused` by its owner; `disabled` by the gateway, because
 * the endpoint is gone or has failed for days.
 */
export type State = 'pending' | 'active' | 'paused' | 'disabled';

/** Who made a subscription, and the grants they had then. */
export interface Owner extends Named {
  /** As the authorizer set them; null where the name alone decides the grants. */
  readonly grants: readonly Grant[] | null;
}

/** Records to deliver once more: in each partition, the offsets from `from` to before `until`. */
export interface Replay {
  /** Noted with each commit, because the group may hold commits of an earlier replay. */
  readonly id: string;
  readonly spans: readonly { readonly topic: string; readonly partition: number; readonly from: number; readonly until: number }[];
}

/** A stored subscription. */
export interface Subscription {
  readonly name: string;
  /** Rises with every change that a caller makes, and with every change of state. */
  readonly version: number;
  readonly definition: Definition;
  readonly owner: Owner;
  readonly state: State;
  /** Why it is disabled; null otherwise. */
  readonly reason: string | null;
  /** The URL that has answered a ping; null until one has. */
  readonly verified: string | null;
  readonly replay: Replay | null;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The consumer group whose offsets are the progress of a subscription. */
export const groupOf = (name: string): string => `push.${name}`;

const OF_REPLAYS = '.replay';

/** The consumer group of a replay. */
export const replayGroupOf = (name: string): string => `${groupOf(name)}${OF_REPLAYS}`;

/** Whether the group of a subscription with this name would be that of another's replays. */
export const isNameOfReplays = (name: string): boolean => name.endsWith(OF_REPLAYS);

/** The topic of records that wait for another attempt. */
export const retryTopicOf = (name: string): string => `push.${name}.retry`;

/** Whether a topic has the records of some subscription that wait: nobody subscribes to those, nor are they anybody's dead letters. */
export const isRetryTopic = (topic: string): boolean => /^push\..+\.retry$/.test(topic);

/** Tells whether a definition names a topic or its pattern matches it. */
export const isNamedBy = ({ topics, topics_pattern: pattern }: Definition): ((topic: string) => boolean) =>
  pattern === null ? (topic) => topics.includes(topic) : topicPattern(pattern);
