import { integerOf as integerNumber, integerWithin } from '../../integer.ts';
import { parseIso8601 } from '../../iso-8601.ts';
import { isObject, type JsonMembers } from '../../json/json-members.ts';
import { placeInvalid } from '../../messages/produce.ts';
import {
  deadLettersOfItself,
  rawIsSingle,
  secretNameInvalid,
  targetRefused,
  topicOfRetries,
  topicsOrPattern,
} from '../../messages/push.ts';
import { fieldUnknown } from '../../messages/requests.ts';
import { readFilters } from '../../records/responses/record-filter.ts';
import { topicName } from '../../topic-name.ts';
import { topicPattern } from '../../topic-pattern/topic-pattern.ts';
import { checkTarget, type Targets } from '../attempt/target.ts';
import { STANDARD_SCHEDULE } from '../attempt/verdict.ts';
import { type Definition, isRetryTopic, type State, type TargetAuth } from './subscription.ts';

/** What a body asks for: a definition, with or without a state; or only a state, and then the definition is null. */
export interface Asked {
  readonly definition: Definition | null;
  readonly state: State | null;
}

/** What the gateway allows in definitions. */
export interface Rules {
  readonly targets: Targets;
  readonly secretPrefix: string;
}

const MOST_TOPICS = 50;
const MOST_FILTERS = 10;
const MOST_BATCH = 500;
const LONGEST_WAIT_MS = 10_000;
const MOST_CONCURRENT = 32;
const MOST_ATTEMPTS = 30;
const LONGEST_PAUSE_S = 86_400;
const LONGEST_URL = 2000;

/**
 * Reads the body of a PUT.
 *
 * @throws {GatewayError} InvalidRecord naming the place; InvalidArgument for an invalid topic name; BadRequest for a pattern or filter
 */
export function readDefinition(json: unknown, rules: Rules): Asked {
  if (!isObject(json)) throw placeInvalid('The body', 'a JSON object');
  const { state = null, ...members } = json;
  if (state !== null && state !== 'active' && state !== 'paused') throw placeInvalid('state', 'active or paused');
  if (state !== null && Object.keys(members).length === 0) return { definition: null, state };
  return { definition: definitionOf(members, rules), state };
}

function definitionOf(json: JsonMembers, { targets, secretPrefix }: Rules): Definition {
  const { topics, topics_pattern, url, filter, format, key_format, value_format, batch, order, concurrency, ...rest } = json;
  const { delivery, auth, signing, retry, dead_letter_topic, from, ...unknown } = rest;
  refuseUnknown(unknown);
  const definition: Definition = {
    ...topicsOf(topics, topics_pattern),
    url: urlOf(url, targets),
    filter: filtersOf(filter),
    format: wordOf(format, 'format', ['json', 'raw', 'cloudevents']),
    key_format: wordOf(key_format, 'key_format', ['text', 'json', 'binary']),
    value_format: wordOf(value_format, 'value_format', ['json', 'text', 'binary']),
    batch: batchOf(batch),
    order: wordOf(order, 'order', ['key', 'none']),
    concurrency: integerOf(concurrency, 'concurrency', 1, MOST_CONCURRENT, 8),
    delivery: wordOf(delivery, 'delivery', ['at-least-once', 'at-most-once']),
    auth: authOf(auth, secretPrefix),
    signing: signingOf(signing, secretPrefix),
    retry: retryOf(retry),
    dead_letter_topic: absent(dead_letter_topic) ? null : topicName(textOf(dead_letter_topic, 'dead_letter_topic')),
    from: fromOf(from),
  };
  if (definition.format === 'raw' && definition.batch.max > 1) throw rawIsSingle();
  const ofRetries = [...definition.topics, definition.dead_letter_topic ?? ''].find(isRetryTopic);
  if (ofRetries !== undefined) throw topicOfRetries(ofRetries);
  if (definition.dead_letter_topic !== null && definition.topics.includes(definition.dead_letter_topic)) throw deadLettersOfItself();
  return definition;
}

function topicsOf(topics: unknown, pattern: unknown): Pick<Definition, 'topics' | 'topics_pattern'> {
  if (absent(topics) === absent(pattern)) throw topicsOrPattern();
  if (absent(topics)) {
    const text = textOf(pattern, 'topics_pattern');
    topicPattern(text);
    return { topics: [], topics_pattern: text };
  }
  if (!Array.isArray(topics) || topics.length === 0 || topics.length > MOST_TOPICS) {
    throw placeInvalid('topics', `an array of 1 to ${MOST_TOPICS} names`);
  }
  const names = topics.map((topic: unknown, i) => topicName(textOf(topic, `topics[${i}]`)));
  return { topics: [...new Set(names)], topics_pattern: null };
}

function urlOf(value: unknown, targets: Targets): string {
  const text = textOf(value, 'url');
  const url = text.length > LONGEST_URL ? null : URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw placeInvalid('url', `an http or https URL of at most ${LONGEST_URL} characters`);
  try {
    checkTarget(url, targets);
  } catch (error) {
    throw targetRefused(error instanceof Error ? error.message : String(error));
  }
  url.hash = '';
  return url.href;
}

function filtersOf(value: unknown): string[] {
  if (absent(value)) return [];
  const filters: unknown[] = Array.isArray(value) ? value : [value];
  if (filters.length > MOST_FILTERS) throw placeInvalid('filter', `a text, or at most ${MOST_FILTERS} of them`);
  const texts = filters.map((filter, i) => textOf(filter, `filter[${i}]`));
  readFilters(texts, (shown) => shown);
  return texts;
}

function batchOf(value: unknown): Definition['batch'] {
  if (absent(value)) return { max: 1, wait: 0 };
  const { max, wait, ...unknown } = objectOf(value, 'batch');
  refuseUnknown(unknown, 'batch.');
  return { max: integerOf(max, 'batch.max', 1, MOST_BATCH, 1), wait: integerOf(wait, 'batch.wait', 0, LONGEST_WAIT_MS, 0) };
}

function authOf(value: unknown, prefix: string): TargetAuth {
  if (absent(value)) return { type: 'none' };
  const { type, secret, ...unknown } = objectOf(value, 'auth');
  refuseUnknown(unknown, 'auth.');
  const word = wordOf(type, 'auth.type', ['none', 'basic', 'bearer', 'oauth2']);
  return word === 'none' ? { type: word } : { type: word, secret: secretOf(secret, 'auth.secret', prefix) };
}

function signingOf(value: unknown, prefix: string): Definition['signing'] {
  if (!isObject(value)) throw placeInvalid('signing', `an object {"secret": "<the name of a secret, which begins with ${prefix}>"}`);
  const { secret, previous, ...unknown } = value;
  refuseUnknown(unknown, 'signing.');
  return {
    secret: secretOf(secret, 'signing.secret', prefix),
    previous: absent(previous) ? null : secretOf(previous, 'signing.previous', prefix),
  };
}

function retryOf(value: unknown): Definition['retry'] {
  if (absent(value)) return { statuses: null, schedule: STANDARD_SCHEDULE };
  const { statuses, schedule, ...unknown } = objectOf(value, 'retry');
  refuseUnknown(unknown, 'retry.');
  return {
    statuses: absent(statuses) ? null : integersOf(statuses, 'retry.statuses', 300, 599, 300),
    schedule: absent(schedule) ? STANDARD_SCHEDULE : integersOf(schedule, 'retry.schedule', 1, LONGEST_PAUSE_S, MOST_ATTEMPTS),
  };
}

function fromOf(value: unknown): Definition['from'] {
  if (absent(value)) return 'latest';
  if (value === 'earliest' || value === 'latest') return value;
  return timeOf(value, 'from', ', earliest or latest');
}

/** Reads a time, as Unix milliseconds or ISO 8601. @throws {GatewayError} InvalidRecord */
export function timeOf(value: unknown, place: string, or = ''): number {
  const time = integerNumber(value) ?? (typeof value === 'string' ? parseIso8601(value) : Number.NaN);
  if (Number.isSafeInteger(time) && time >= 0) return time;
  throw placeInvalid(place, `a time, as Unix milliseconds or ISO 8601 (2031-05-06T07:08:09.123Z)${or}`);
}

function secretOf(value: unknown, place: string, prefix: string): string {
  const name = textOf(value, place);
  if (name.startsWith(prefix) && /^[\w/+=.@-]{1,500}$/.test(name)) return name;
  throw secretNameInvalid(place, prefix);
}

function integersOf(value: unknown, place: string, min: number, max: number, most: number): number[] {
  if (!Array.isArray(value) || value.length > most) throw placeInvalid(place, `an array of at most ${most} integers`);
  return value.map((one: unknown, i) => integerOf(one, `${place}[${i}]`, min, max, Number.NaN));
}

function integerOf(value: unknown, place: string, min: number, max: number, otherwise: number): number {
  if (absent(value) && !Number.isNaN(otherwise)) return otherwise;
  const integer = integerWithin(value, min, max);
  if (integer !== null) return integer;
  throw placeInvalid(place, `an integer from ${min} to ${max}`);
}

function wordOf<const Words extends readonly [string, ...string[]]>(value: unknown, place: string, words: Words): Words[number] {
  if (absent(value)) return words[0];
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw placeInvalid(place, words.join(', ').replace(/, ([^,]*)$/, ' or $1'));
}

function textOf(value: unknown, place: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw placeInvalid(place, 'a text that is not empty');
}

function objectOf(value: unknown, place: string): JsonMembers {
  if (isObject(value)) return value;
  throw placeInvalid(place, 'an object');
}

function refuseUnknown(others: JsonMembers, place = ''): void {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw fieldUnknown(`${place}${unknown}`);
}

const absent = (value: unknown): value is null | undefined => value === null || value === undefined;
