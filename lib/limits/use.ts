import { createHash } from 'node:crypto';
import { networkOf } from '../access/address.ts';
import { callerKey, type Named } from '../access/caller.ts';
import type { Operation } from '../access/operations.ts';
import { matchesOneOf } from '../access/pattern.ts';
import type { KeyPart, Rule } from './rule.ts';

/** A request as limits see it. */
export interface Use extends Named {
  operation: Operation;
  /** The principal is the name of a connection. A new connection gets a new name, so the address is counted instead. */
  passing?: boolean | undefined;
  /** The address of the connected peer; never one that the client can forge. */
  sourceAddress: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The records that it writes, or the topics that it concerns; empty if it concerns no topic. */
  records: readonly CountedRecord[];
}

/** A record as limits count it: as one, and by the bytes of its key, value and headers. */
export interface CountedRecord {
  topic: string;
  key?: Extent | null;
  value?: Extent | null;
  headers?: readonly { key: string; value: Uint8Array | null }[] | null;
}

/** A part of a buffer. */
interface Extent {
  start: number;
  end: number;
}

interface TopicUse {
  topic: string;
  records: number;
  bytes: number;
}

/** What a use costs by one rule. */
export interface Charge {
  rule: Rule;
  cost: number;
}

/** All charges of a use, by the key of the item with the counts: rules with the same key share an item. */
export function chargesOf(rules: readonly Rule[], use: Use): Map<string, Charge[]> {
  const charges = new Map<string, Charge[]>();
  const topics = usesByTopic(use.records);
  for (const rule of rules) {
    for (const share of sharesOf(rule, use, topics)) {
      const pk = itemKey(rule.key, use, share[0]?.topic);
      const charge = { rule, cost: rule.of === 'requests' ? 1 : sum(share, rule.of) };
      const others = charges.get(pk);
      if (others === undefined) charges.set(pk, [charge]);
      else others.push(charge);
    }
  }
  return charges;
}

function usesByTopic(records: readonly CountedRecord[]): TopicUse[] {
  const uses = new Map<string, TopicUse>();
  for (const record of records) {
    const use = uses.get(record.topic) ?? { topic: record.topic, records: 0, bytes: 0 };
    uses.set(record.topic, use);
    use.records += 1;
    use.bytes += bytesOf(record);
  }
  return [...uses.values()];
}

function bytesOf({ key, value, headers }: CountedRecord): number {
  let bytes = lengthOf(key) + lengthOf(value);
  for (const header of headers ?? []) bytes += Buffer.byteLength(header.key) + (header.value?.length ?? 0);
  return bytes;
}

const lengthOf = (extent: Extent | null | undefined): number => (extent ? extent.end - extent.start : 0);

/** The topics that a rule counts together: one by one if the key has the topic; nothing if the rule does not apply. */
function sharesOf(rule: Rule, { operation, principal }: Use, topics: readonly TopicUse[]): (readonly TopicUse[])[] {
  if (rule.operations !== null && !rule.operations.includes(operation)) return [];
  if (rule.principals !== null && (principal === null || !matchesOneOf(rule.principals, principal))) return [];
  const { topics: patterns } = rule;
  const counted = patterns === null ? topics : topics.filter(({ topic }) => matchesOneOf(patterns, topic));
  if (rule.key.includes('topic')) return counted.map((topic) => [topic]);
  return patterns !== null && counted.length === 0 ? [] : [counted];
}

const sum = (topics: readonly TopicUse[], unit: 'records' | 'bytes'): number => topics.reduce((total, topic) => total + topic[unit], 0);

/**
 * Hashed, because a key may be a secret, and as long as a principal or a header's value. If the caller lacks a part, its address replaces
 * it.
 */
function itemKey(parts: readonly KeyPart[], use: Use, topic: string | undefined): string {
  const values = parts.map((part) => [part, partOf(part, use, topic) ?? ['source-address', networkOf(use.sourceAddress)]]);
  return `limits:${createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 27)}`;
}

function partOf(part: KeyPart, use: Use, topic: string | undefined): ReturnType<typeof callerKey> | undefined {
  if (part === 'principal') return use.passing === true ? null : callerKey(use);
  if (part === 'source-address') return networkOf(use.sourceAddress);
  if (part === 'topic') return topic;
  if (part === 'api-key') return apiKeyOf(use);
  return use.headers[part.slice('header:'.length)];
}

/**
 * The name of a verified API key. If the caller authenticates in another way, it could put anything into the header: with a new value in
 * each request, nothing would be limited. Without authentication, a proxy in front has to verify the header.
 */
function apiKeyOf(use: Use): ReturnType<typeof callerKey> | undefined {
  if (use.mode === 'api-key') return callerKey(use);
  return use.mode === undefined ? use.headers['x-api-key'] : null;
}
