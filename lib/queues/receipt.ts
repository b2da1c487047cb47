import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Offsets of one partition, both ends included. */
export interface ReceiptRange {
  topic: string;
  /** 32 hexadecimal digits. */
  topicId: string;
  partition: number;
  first: number;
  last: number;
  /** How often it was delivered, this time included; 255 for more. */
  deliveries: number;
}

/** Some or all of what one session holds. */
export interface ReceiptSession {
  /** The id of the session's broker. */
  broker: number;
  /** The lowest epoch that the next request can have. */
  epoch: number;
  ranges: ReceiptRange[];
}

/** Everything that is needed to settle records. */
export interface Receipt {
  /** The member that has the sessions, 22 characters of base64url. */
  member: string;
  /** True for everything that a receive delivered. */
  isAll: boolean;
  /** When the locks end, in Unix milliseconds. */
  until: number;
  sessions: ReceiptSession[];
}

/** What a receipt is valid for: one queue of one cluster, and the caller that got it. */
export interface ReceiptScope {
  /** Texts from which keys are made. The first one seals; what the others have sealed still opens, while keys are rotated. */
  keys: readonly string[];
  cluster: string;
  group: string;
  owner: unknown;
}

const VERSION = 1;
const MEMBER_BYTES = 16;
const ID_BYTES = 16;
const SEAL_BYTES = 12;
/** At the end of a range: the first offset, how many follow, and how often they were delivered. */
const OFFSETS_BYTES = 13;

/** Writes a receipt, and seals it. */
export function sealReceipt(receipt: Receipt, scope: ReceiptScope): string {
  const body = writeReceipt(receipt);
  return Buffer.concat([body, sealOf(body, keysOf(scope)[0])]).toString('base64url');
}

/**
 * Seals receipts that differ only in their offsets: those of single records of a partition. What they have in common is written once.
 *
 * @param receipt one session with one range
 */
export function receiptSealer(
  receipt: Receipt,
  scope: ReceiptScope,
): (offsets: Pick<ReceiptRange, 'first' | 'last' | 'deliveries'>) => string {
  const written = writeReceipt(receipt);
  const end = written.length;
  const bytes = Buffer.concat([written, Buffer.alloc(SEAL_BYTES)]);
  const body = bytes.subarray(0, end);
  const [key] = keysOf(scope);
  return (offsets) => {
    writeOffsets(bytes, end - OFFSETS_BYTES, offsets);
    sealOf(body, key).copy(bytes, end);
    return bytes.toString('base64url');
  };
}

/** Reads a receipt; null if it was not sealed for this scope. */
export function openReceipt(text: string, scope: ReceiptScope): Receipt | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length <= SEAL_BYTES || bytes.toString('base64url') !== text) return null;
  const body = bytes.subarray(0, -SEAL_BYTES);
  const seal = bytes.subarray(-SEAL_BYTES);
  const isSealed = keysOf(scope).some((key) => timingSafeEqual(seal, sealOf(body, key)));
  return isSealed && body[0] === VERSION ? readReceipt(body) : null;
}

/** The keys of each scope, derived once: one receive seals hundreds of receipts. */
const derived = new WeakMap<ReceiptScope, KeyObject[]>();

/** Keys for this scope only, even if the texts are keys of other things, too. */
function keysOf(scope: ReceiptScope): KeyObject[] {
  const known = derived.get(scope);
  if (known !== undefined) return known;
  const { keys, cluster, group, owner } = scope;
  const made = keys.map((key) =>
    createSecretKey(
      createHmac('sha256', `receipts of queues\0${key}`)
        .update(JSON.stringify([cluster, group, owner]))
        .digest(),
    ),
  );
  derived.set(scope, made);
  return made;
}

const sealOf = (body: Buffer, key: KeyObject): Buffer => createHmac('sha256', key).update(body).digest().subarray(0, SEAL_BYTES);

function writeReceipt({ member, isAll, until, sessions }: Receipt): Buffer {
  const topics = [...new Map(sessions.flatMap(({ ranges }) => ranges.map(({ topicId, topic }) => [topicId, topic])))];
  const places = new Map(topics.map(([topicId], i) => [topicId, i]));
  const parts: Buffer[] = [];
  const head = Buffer.alloc(2 + MEMBER_BYTES + 6 + 2);
  head[0] = VERSION;
  head[1] = isAll ? 1 : 0;
  Buffer.from(member, 'base64url').copy(head, 2);
  head.writeUIntBE(until, 2 + MEMBER_BYTES, 6);
  head.writeUInt16BE(topics.length, 8 + MEMBER_BYTES);
  parts.push(head);
  for (const [topicId, topic] of topics) parts.push(Buffer.from(topicId, 'hex'), Buffer.from([topic.length]), Buffer.from(topic, 'latin1'));
  for (const { broker, epoch, ranges } of sessions) {
    const session = Buffer.alloc(8);
    session.writeInt32BE(broker, 0);
    session.writeUInt16BE(epoch, 4);
    session.writeUInt16BE(ranges.length, 6);
    parts.push(session);
    for (const range of ranges) {
      const bytes = Buffer.alloc(19);
      bytes.writeUInt16BE(places.get(range.topicId) ?? 0, 0);
      bytes.writeInt32BE(range.partition, 2);
      writeOffsets(bytes, 6, range);
      parts.push(bytes);
    }
  }
  return Buffer.concat(parts);
}

function writeOffsets(bytes: Buffer, at: number, { first, last, deliveries }: Pick<ReceiptRange, 'first' | 'last' | 'deliveries'>): void {
  bytes.writeBigInt64BE(BigInt(first), at);
  bytes.writeUInt32BE(last - first, at + 8);
  bytes[at + 12] = Math.min(deliveries, 255);
}

/** The seal proves that this is what was written. */
function readReceipt(bytes: Buffer): Receipt {
  const member = bytes.toString('base64url', 2, 2 + MEMBER_BYTES);
  const until = bytes.readUIntBE(2 + MEMBER_BYTES, 6);
  const count = bytes.readUInt16BE(8 + MEMBER_BYTES);
  const topics: [string, string][] = [];
  let at = 10 + MEMBER_BYTES;
  for (let i = 0; i < count; i++) {
    const nameAt = at + ID_BYTES + 1;
    const end = nameAt + bytes[nameAt - 1];
    topics.push([bytes.toString('hex', at, at + ID_BYTES), bytes.toString('latin1', nameAt, end)]);
    at = end;
  }
  const sessions: ReceiptSession[] = [];
  while (at < bytes.length) {
    const [broker, epoch, length] = [bytes.readInt32BE(at), bytes.readUInt16BE(at + 4), bytes.readUInt16BE(at + 6)];
    at += 8;
    const ranges = Array.from({ length }, () => {
      const [topicId, topic] = topics[bytes.readUInt16BE(at)];
      const first = Number(bytes.readBigInt64BE(at + 6));
      const range = {
        ...{ topic, topicId, partition: bytes.readInt32BE(at + 2) },
        ...{ first, last: first + bytes.readUInt32BE(at + 14), deliveries: bytes[at + 18] },
      };
      at += 19;
      return range;
    });
    sessions.push({ broker, epoch, ranges });
  }
  return { member, isAll: bytes[1] === 1, until, sessions };
}

/** Joins consecutive ranges that adjoin, if they were delivered equally often. */
export function joinRanges(ranges: readonly ReceiptRange[]): ReceiptRange[] {
  const joined: ReceiptRange[] = [];
  for (const range of ranges) {
    const before = joined[joined.length - 1];
    const goesOn =
      before !== undefined &&
      before.topicId === range.topicId &&
      before.partition === range.partition &&
      before.last + 1 === range.first &&
      before.deliveries === range.deliveries;
    if (goesOn) before.last = range.last;
    else joined.push({ ...range });
  }
  return joined;
}
