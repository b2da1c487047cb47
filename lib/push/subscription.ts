import type { Named } from '../access/caller.ts';
import type { Grant } from '../access/grants.ts';
import { topicPattern } from '../topic-pattern/topic-pattern.ts';

/** How records stand in the body of a delivery. */
export type BodyForm = 'raw' | 'json' | 'cloudevents';

/** How keys and values stand in JSON. */
export type FieldFormat = 'json' | 'text' | 'binary';

/** How the gateway shows an endpoint who it is; what is secret in it is in Secrets Manager, under a name. */
export type TargetAuth = { readonly type: 'none' } | { readonly type: 'basic' | 'bearer' | 'oauth2'; readonly secret: string };

/** What a subscription is to do, as its owner has written it, with what was left out filled in. */
export interface Definition {
  /** Names of topics, each once; empty with a pattern. */
  readonly topics: readonly string[];
  readonly topics_pattern: string | null;
  readonly url: string;
  /** All of which a record must pass; as of pages. */
  readonly filter: readonly string[];
  readonly format: BodyForm;
  readonly key_format: FieldFormat;
  readonly value_format: FieldFormat;
  /** Records in one delivery; more than one only of a partition. How long to wait for more, in milliseconds. */
  readonly batch: { readonly max: number; readonly wait: number };
  /** `key`: records of one key one after the other. */
  readonly order: 'key' | 'none';
  /** Deliveries under way at the same time. */
  readonly concurrency: number;
  readonly delivery: 'at-least-once' | 'at-most-once';
  readonly auth: TargetAuth;
  /** Names of secrets. */
  readonly signing: { readonly secret: string; readonly previous: string | null };
  readonly retry: {
    /** Statuses that are tried again; null for all but those that say that the request is wrong. */
    readonly statuses: readonly number[] | null;
    /** Seconds before each further attempt. */
    readonly schedule: readonly number[];
  };
  readonly dead_letter_topic: string | null;
  /** Where it begins, when it is made: Unix milliseconds, or an end of the log. */
  readonly from: 'earliest' | 'latest' | number;
}

/**
 * `pending` until its endpoint has answered a ping; `active` is delivered; `paused` by its owner; `disabled` by the gateway, as its
 * endpoint is gone or has failed for days.
 */
export type State = 'pending' | 'active' | 'paused' | 'disabled';

/** Who made a subscription, and what they might do then. */
export interface Owner extends Named {
  /** As the authorizer chose them; null where grants are chosen by the name alone. */
  readonly grants: readonly Grant[] | null;
}

/** Records that are to be delivered once more: in each partition those from an offset up to another. */
export interface Replay {
  /** Is noted with each commit: the group has been that of others before. */
  readonly id: string;
  readonly spans: readonly { readonly topic: string; readonly partition: number; readonly from: number; readonly until: number }[];
}

/** A subscription as it is kept. */
export interface Subscription {
  readonly name: string;
  /** Rises with every change by a caller, or of its state. */
  readonly version: number;
  readonly definition: Definition;
  readonly owner: Owner;
  readonly state: State;
  /** Why it is disabled; null otherwise. */
  readonly reason: string | null;
  /** The URL that has answered a ping; null before. */
  readonly verified: string | null;
  readonly replay: Replay | null;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The consumer group whose offsets say how far a subscription has come. */
export const groupOf = (name: string): string => `push.${name}`;

/** The group of what is delivered once more. */
export const replayGroupOf = (name: string): string => `push.${name}.replay`;

/** The topic of records that are to be tried again later. */
export const retryTopicOf = (name: string): string => `push.${name}.retry`;

/** Says whether a topic is among those that a definition names, or fits its pattern. */
export const isNamedBy = ({ topics, topics_pattern: pattern }: Definition): ((topic: string) => boolean) =>
  pattern === null ? (topic) => topics.includes(topic) : topicPattern(pattern);
