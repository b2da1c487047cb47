import { crc32 } from 'node:zlib';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';
import { cursorDamaged } from '../../messages/read.ts';
import { isTopicName } from '../../topic-name.ts';

/** The next offset to read in a partition. */
export interface Position {
  topic: string;
  partition: number;
  offset: number;
}

/** Separates a cursor's checksum from its positions. Topic names cannot have this character. */
const SEAL = '~';
const PARTITION = /^(0|[1-9]\d{0,9})#(0|[1-9]\d{0,15})$/;
const BASE64 = /^[\w+/-]*={0,2}$/;

/** The prefix of record ids in a partition, `topic@partition#`; the offset follows. An id is also a cursor to the record after it. */
export const idPrefix = (topic: string, partition: number): string => `${topic}@${partition}#`;

/**
 * Writes a cursor: the next offsets of partitions, in the given order, as `topic@partition#offset,partition#offset;topic@…` after a
 * checksum, in base64url. A topic is named again when another topic comes between its partitions.
 */
export function writeCursor(positions: readonly Position[]): string {
  const text = textOf(positions);
  return Buffer.from(`${sealOf(text)}${SEAL}${text}`).toString('base64url');
}

/**
 * Writes cursors that differ only in the offset of one partition: checksum and text of the others are computed once.
 *
 * @param others the positions in the other partitions
 */
export function cursorsOf(others: readonly Position[], topic: string, partition: number): (offset: number) => string {
  const head = textOf([...others, { topic, partition, offset: 0 }]).slice(0, -1);
  const ofHead = crc32(head);
  return (offset) => {
    const digits = String(offset);
    return Buffer.from(`${crc32(digits, ofHead).toString(36)}${SEAL}${head}${digits}`, 'latin1').toString('base64url');
  };
}

function textOf(positions: readonly Position[]): string {
  let text = '';
  let topic = '';
  for (const position of positions) {
    const isSame = position.topic === topic;
    text += isSame ? ',' : `${text === '' ? '' : ';'}${position.topic}@`;
    text += `${position.partition}#${position.offset}`;
    topic = position.topic;
  }
  return text;
}

/**
 * Reads a cursor: ours; the same text without the checksum; or a message id or cursor of the Gravitee gateway, plain or in padded base64,
 * where the offset is that of the last record read. An offset of 0 there may also mean that nothing was read yet, so the first record may
 * come twice, but is never lost.
 *
 * @returns the next offset of each partition; no partition occurs twice
 * @throws {GatewayError} BadRequest for anything else, and for a damaged cursor of ours
 */
export function readCursor(cursor: string): Position[] {
  if (cursor.includes('@')) return readPositions(cursor, true);
  const text = decode(cursor);
  const seal = text.indexOf(SEAL);
  if (seal === -1) return readPositions(text, cursor.endsWith('='));
  const rest = text.slice(seal + 1);
  if (text.slice(0, seal) !== sealOf(rest)) throw cursorDamaged();
  return rest === '' ? [] : readPositions(rest, false);
}

const sealOf = (text: string): string => crc32(text).toString(36);

/** Strict base64: only what an encoder would have written for these bytes. */
function decode(cursor: string): string {
  if (!BASE64.test(cursor)) throw cursorDamaged();
  const bytes = Buffer.from(cursor, 'base64');
  const unpadded = cursor.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  const isPadded = unpadded.length < cursor.length;
  if (bytes.toString('base64url') !== unpadded || (isPadded && cursor.length % 4 !== 0)) throw cursorDamaged();
  return bytes.toString('latin1');
}

function readPositions(text: string, wasRead: boolean): Position[] {
  const positions: Position[] = [];
  const seen = new Set<string>();
  for (const part of text.split(';')) {
    const [topic, partitions = '', ...more] = part.split('@');
    if (!isTopicName(topic) || more.length > 0) throw cursorDamaged();
    for (const one of partitions.split(',')) {
      const [, partition, offset] = PARTITION.exec(one)?.map(Number) ?? [];
      const place = `${topic}@${partition}`;
      if (partition === undefined || partition > MAX_PARTITION || !Number.isSafeInteger(offset) || seen.has(place)) throw cursorDamaged();
      seen.add(place);
      positions.push({ topic, partition, offset: wasRead && offset > 0 ? offset + 1 : offset });
    }
  }
  return positions;
}
