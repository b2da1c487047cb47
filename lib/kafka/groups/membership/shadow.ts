import { randomInt } from 'node:crypto';
import { GatewayError } from '../../../errors.ts';
import { isObject, jsonMembers } from '../../../json/json-members.ts';
import { MAX_TEXT_BYTES } from '../../../limits-of-protocol.ts';
import { consumerGroupNameTooLong } from '../../../messages/consumers.ts';
import { withRemark } from '../../../messages/message.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { knownTopics } from '../../cluster/known-topics.ts';
import { readableTopics } from '../../topics/authorized-operations.ts';
import { topicNames } from '../../topics/topic-names.ts';
import { deleteGroup, SHADOW_PREFIX } from '../groups.ts';
import { type CommittedOffset, commitOffsets, fetchOffsets, type OffsetToCommit } from '../offsets.ts';
import type { Place } from './coordinator.ts';
import { encodeName } from './member-id.ts';

/**
 * What a consumer needs to rejoin when its session has ended: its member id and its subscription, in the metadata of offsets of a group
 * without members. Each subscription writes it. It is deleted with the consumer, or expires after `offsets.retention.minutes`.
 */
export interface Shadow {
  readonly memberId: string;
  readonly topics: readonly string[];
  readonly pattern: string;
  /** When the request arrived that subscribed it, in Unix milliseconds; 0 if that is not known. */
  readonly since: number;
}

/** Kafka accepts 4096 bytes of metadata by default; the place of a chunk takes a few of them. */
const CHUNK_BYTES = 4000;
/** How many other topics are tried to keep a shadow in, if those of the consumer do not suffice. */
const MOST_LOOKED_AT = 20;

/** @throws {GatewayError} InvalidArgument for names that are too long together */
export function shadowGroup(group: string, name: string): string {
  const shadow = `${SHADOW_PREFIX}${group}.${encodeName(name)}`;
  if (Buffer.byteLength(shadow) > MAX_TEXT_BYTES) throw consumerGroupNameTooLong();
  return shadow;
}

/**
 * Keeps a shadow, and replaces the one before.
 *
 * @param topics in whose offsets it is kept, if they exist; else in those of any topic that may be read. Without any topic it is not kept
 * @param deadline Unix milliseconds
 * @returns false if it is not kept
 * @throws {GatewayError} Forbidden, KafkaUnavailable …
 */
export async function writeShadow(
  cluster: Cluster,
  group: string,
  name: string,
  shadow: Shadow,
  topics: readonly string[],
  deadline: number,
): Promise<boolean> {
  const { memberId, pattern, since } = shadow;
  const text = Buffer.from(JSON.stringify({ i: memberId, t: shadow.topics, p: pattern, s: since })).toString('base64url');
  const chunks = text.match(new RegExp(`.{1,${CHUNK_BYTES}}`, 'g')) ?? [];
  const [places, before] = await Promise.all([
    anchors(cluster, topics, chunks.length, deadline),
    toldOfShadows(fetchOffsets(cluster, shadowGroup(group, name), null, deadline)),
  ]);
  if (places.length < chunks.length) {
    await deleteShadow(cluster, group, name, deadline);
    return false;
  }
  // All rows of a version have one offset, and the newest version counts. The one before may be from a process whose clock is ahead.
  const version = Math.max(Date.now() * 1000, ...before.map(({ offset }) => offset + 1)) + randomInt(1000);
  const rows = chunks.map((chunk, i): OffsetToCommit => ({ ...places[i], offset: version, metadata: `${i}/${chunks.length}:${chunk}` }));
  await toldOfShadows(commitOffsets(cluster, shadowGroup(group, name), rows, deadline));
  return true;
}

/** Partitions in whose offsets something may be kept. */
async function anchors(cluster: Cluster, topics: readonly string[], count: number, deadline: number): Promise<Place[]> {
  const named = await knownTopics(cluster, topics, deadline);
  const own = placesOf(named);
  if (own.length >= count) return own;
  const others = (await topicNames(cluster, deadline)).filter((topic) => !named.has(topic)).slice(0, MOST_LOOKED_AT);
  const readable = await readableTopics(cluster, others, deadline);
  return [...own, ...placesOf(await knownTopics(cluster, [...readable], deadline))];
}

const placesOf = (topics: ReadonlyMap<string, { leaders: ReadonlyMap<number, number> }>): Place[] =>
  [...topics].flatMap(([topic, { leaders }]) => [...leaders.keys()].map((partition) => ({ topic, partition })));

/** Null if there is none. */
export async function readShadow(cluster: Cluster, group: string, name: string, deadline: number): Promise<Shadow | null> {
  const rows = await toldOfShadows(fetchOffsets(cluster, shadowGroup(group, name), null, deadline));
  return shadowIn(rows);
}

/** The newest shadow in the offsets of its group; null if it is incomplete. */
export function shadowIn(rows: readonly CommittedOffset[]): Shadow | null {
  const newest = Math.max(...rows.map(({ offset }) => offset));
  const chunks: string[] = [];
  let count = -1;
  for (const { offset, metadata } of rows) {
    const [, index, of, chunk = ''] = /^(\d{1,4})\/(\d{1,4}):(.*)$/s.exec(metadata) ?? [];
    if (offset !== newest || index === undefined) continue;
    chunks[Number(index)] = chunk;
    count = Number(of);
  }
  if (count < 1 || chunks.length !== count || chunks.filter(Boolean).length !== count) return null;
  const members = jsonMembers(Buffer.from(chunks.join(''), 'base64url').toString());
  if (!isObject(members)) return null;
  const { i: memberId, t: topics, p: pattern, s: since } = members;
  if (typeof memberId !== 'string' || typeof pattern !== 'string' || !Array.isArray(topics)) return null;
  if (!topics.every((topic) => typeof topic === 'string')) return null;
  return { memberId, topics, pattern, since: typeof since === 'number' ? since : 0 };
}

/** Deletes the shadow, if there is one. */
export async function deleteShadow(cluster: Cluster, group: string, name: string, deadline: number): Promise<void> {
  try {
    await toldOfShadows(deleteGroup(cluster, shadowGroup(group, name), deadline));
  } catch (error) {
    if (!(error instanceof GatewayError) || error.name !== 'GroupNotFound') throw error;
  }
}

/** The caller has not named the group, so the error must say which right is missing. */
async function toldOfShadows<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.name !== 'Forbidden') throw error;
    throw withRemark(error, `Consumers need READ, DESCRIBE and DELETE on groups with the prefix ${SHADOW_PREFIX}`);
  }
}
