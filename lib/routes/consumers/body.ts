import { readJson } from '../../http/json-body.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { integerOf } from '../../integer.ts';
import { isObject, type JsonMembers } from '../../json/json-members.ts';
import type { Place } from '../../kafka/groups/membership/coordinator.ts';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';
import { MOST_TOPICS } from '../../limits-of-request.ts';
import { bodyNotObject, optionInvalid } from '../../messages/consumers.ts';
import { partitionTwice } from '../../messages/groups.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { fieldUnknown, tooManyOf } from '../../messages/requests.ts';
import { topicName } from '../../topic-name.ts';

/** The most partitions that a request may name. */
const MOST_PLACES = 10_000;

/** The non-null members of a request's body; null when there is no body. */
export async function readMembers(request: GatewayRequest, known: readonly string[]): Promise<JsonMembers | null> {
  if ((await request.body()).length === 0) return null;
  const json = await readJson(request);
  if (!isObject(json)) throw bodyNotObject();
  return present(json, known);
}

/** The non-null members of an object. @throws {GatewayError} for an unknown member */
function present(json: JsonMembers, known: readonly string[]): JsonMembers {
  const unknown = Object.keys(json).find((name) => !known.includes(name));
  if (unknown !== undefined) throw fieldUnknown(unknown);
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
}

/** The objects of an array. */
export function readObjects(json: unknown, name: string, known: readonly string[]): JsonMembers[] {
  if (!Array.isArray(json)) throw placeInvalid(name, 'an array');
  if (json.length > MOST_PLACES) throw tooManyOf(name, MOST_PLACES);
  const objects = json.map((item: unknown, i) => {
    if (!isObject(item)) throw placeInvalid(`${name}[${i}]`, 'an object');
    return present(item, known);
  });
  return objects;
}

/** The partition that an object names. @param where the object's place in the body */
export function readPlace({ topic, partition }: JsonMembers, where: string): Place {
  if (typeof topic !== 'string') throw placeInvalid(`${where}.topic`, 'a string');
  const number = integer(partition);
  if (number === null || number < 0 || number > MAX_PARTITION) throw placeInvalid(`${where}.partition`, 'an integer from 0');
  return { topic: topicName(topic), partition: number };
}

/** Reads `partitions` of a body. */
export function readPlaces(json: unknown): Place[] {
  const places = readObjects(json, 'partitions', ['topic', 'partition']).map((one, i) => readPlace(one, `partitions[${i}]`));
  return eachOnce(places);
}

export function eachOnce<One extends Place>(places: One[]): One[] {
  const keys = new Set(places.map(({ topic, partition }) => `${partition} ${topic}`));
  if (keys.size < places.length) throw partitionTwice();
  if (new Set(places.map(({ topic }) => topic)).size > MOST_TOPICS) throw tooManyOf('topics', MOST_TOPICS);
  return places;
}

/** Reads an integer, or a string that holds one, with blanks around it as in Confluent's proxy; null for anything else. */
export const integer = (value: unknown): number | null => integerOf(typeof value === 'string' ? value.trim() : value);

/** Reads a boolean, or a string that holds one. */
export function booleanOf(value: unknown, name: string): boolean {
  const text = String(value).toLowerCase();
  if ((typeof value === 'boolean' || typeof value === 'string') && (text === 'true' || text === 'false')) return text === 'true';
  throw optionInvalid(name, 'true or false');
}
