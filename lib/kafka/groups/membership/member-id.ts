import { hash, randomBytes } from 'node:crypto';
import { isObject, jsonMembers } from '../../../json/json-members.ts';
import type { ConsumerOptions, OffsetReset } from './coordinator.ts';

/** Ends the name in a member id; encoded names do not contain it. */
const END_OF_NAME = '~';
/** Each byte may take three in a member id, which is in the shadow and in each answer about the group. */
export const MOST_NAME_BYTES = 255;

/** Whether a text can name a consumer. */
export const isConsumerName = (text: string): boolean => text !== '' && Buffer.byteLength(text) <= MOST_NAME_BYTES && text.isWellFormed();
const RESETS: readonly OffsetReset[] = ['earliest', 'latest', 'none'];

/** What a member id says. Any client that may join the group chooses its id, so every part of one is checked. */
export interface MemberIdentity {
  readonly options: ConsumerOptions;
  /** When the request arrived that created it, in Unix milliseconds. */
  readonly createdAt: number;
}

/** Encodes a name without the character that ends it, and without dots, which separate it from the name of its group. */
export const encodeName = (name: string): string => encodeURIComponent(name).replaceAll('.', '%2E').replaceAll(END_OF_NAME, '%7E');

/** The prefix of the ids of all members with a name. */
export const memberPrefix = (name: string): string => `${encodeName(name)}${END_OF_NAME}`;

/**
 * A member id that nobody else has: a consumer that is recreated under its name is another one.
 *
 * @param createdAt when the request arrived that creates it, in Unix milliseconds
 */
export function newMemberId(name: string, options: ConsumerOptions, createdAt: number): string {
  const { format, offsetReset, autoCommit, minBytes, timeoutMs, isolation } = options;
  const unique = randomBytes(9).toString('base64url');
  const said = { f: format, r: offsetReset, a: autoCommit, b: minBytes, t: timeoutMs, u: isolation === 'read_uncommitted' };
  const json = JSON.stringify({ ...said, c: createdAt, n: unique });
  return `${memberPrefix(name)}${Buffer.from(json).toString('base64url')}`;
}

/** Null for an id that {@link newMemberId} did not make for this name. */
export function readMemberId(name: string, memberId: string): MemberIdentity | null {
  const prefix = memberPrefix(name);
  if (!memberId.startsWith(prefix)) return null;
  const members = jsonMembers(Buffer.from(memberId.slice(prefix.length), 'base64url').toString());
  if (!isObject(members)) return null;
  const { f, r, a, b, t, u, c } = members;
  const offsetReset = RESETS.find((one) => one === r);
  if (typeof f !== 'string' || offsetReset === undefined || !isCount(b) || (t !== null && !isCount(t)) || !isCount(c)) return null;
  const isolation = u === true ? 'read_uncommitted' : 'read_committed';
  return { options: { format: f, offsetReset, autoCommit: a === true, minBytes: b, timeoutMs: t, isolation }, createdAt: c };
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Stands for a member in the rows of its group. */
export const readerOf = (memberId: string): string => hash('sha256', memberId, 'base64url').slice(0, 16);
