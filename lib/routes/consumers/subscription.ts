import { mayOn } from '../../admission/grants.ts';
import { route } from '../../admission/route.ts';
import { genericTypes } from '../../http/media-types.ts';
import type { JsonMembers } from '../../json/json-members.ts';
import type { Subscription } from '../../kafka/groups/membership/coordinator.ts';
import { MOST_TOPICS } from '../../limits-of-request.ts';
import { patternTooLong, topicsAndPattern, topicsOrPattern } from '../../messages/consumers.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { tooManyOf } from '../../messages/requests.ts';
import { topicName } from '../../topic-name.ts';
import { readMembers } from './body.ts';
import { NO_CONTENT, ofInstance } from './consumer-of.ts';

/** The pattern is stored with the group and is part of every description of it. */
const LONGEST_PATTERN = 1000;

/** The subscription of an instance and its present partitions, in the format of Strimzi's bridge. */
export const subscription = route('GET /consumers/{group}/instances/{instance}/subscription', {
  ...ofInstance,
  offers: genericTypes,
  answer({ request, found }) {
    const mayRead = mayOn(request, 'topics');
    const places = found.subscription === null ? [] : found.partitions.filter(({ topic }) => mayRead('read', topic));
    const topics = [...new Set(places.map(({ topic }) => topic))];
    const named = found.subscription !== null && 'topics' in found.subscription ? found.subscription.topics : topics;
    const partitions = topics.map((topic) => ({ [topic]: places.filter((one) => one.topic === topic).map(({ partition }) => partition) }));
    const pattern = found.subscription !== null && 'pattern' in found.subscription ? { topic_pattern: found.subscription.pattern } : {};
    return { body: JSON.stringify({ topics: named, ...pattern, partitions }) };
  },
});

/** Subscribes to topics or a pattern. */
export const subscribe = route('POST /consumers/{group}/instances/{instance}/subscription', {
  ...ofInstance,
  offers: genericTypes,
  read: async (request) => readSubscription((await readMembers(request, ['topics', 'topic_pattern'])) ?? {}),
  more: ({ content }) => ({ topics: content !== null && 'topics' in content ? content.topics : [] }),
  async answer({ found, content }) {
    await found.subscribe(content);
    return NO_CONTENT;
  },
});

/** Ends the instance's subscription or its assignment by hand. */
export const unsubscribe = route('DELETE /consumers/{group}/instances/{instance}/subscription', {
  ...ofInstance,
  offers: genericTypes,
  async answer({ found }) {
    await found.subscribe(null);
    return NO_CONTENT;
  },
});

/** Null for an empty list of topics, which ends the subscription, as in Kafka's consumer. */
function readSubscription({ topics, topic_pattern: pattern = '' }: JsonMembers): Subscription | null {
  if (typeof pattern !== 'string') throw placeInvalid('topic_pattern', 'a string');
  if (topics !== undefined) {
    if (!Array.isArray(topics) || !topics.every((topic) => typeof topic === 'string')) throw placeInvalid('topics', 'an array of strings');
    if (topics.length > MOST_TOPICS) throw tooManyOf('topics', MOST_TOPICS);
    if (topics.length > 0 && pattern !== '') throw topicsAndPattern();
    if (topics.length > 0) return { topics: [...new Set(topics.map(topicName))] };
    if (pattern === '') return null;
  }
  if (pattern === '') throw topicsOrPattern();
  if (pattern.length > LONGEST_PATTERN || !pattern.isWellFormed()) throw patternTooLong(LONGEST_PATTERN);
  return { pattern };
}
