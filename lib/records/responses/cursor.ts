import { crc32 } from 'node:zlib';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';
import { cursorDamaged } from '../../messages/read.ts';

/** Where to go on in a partition: the offset to be read next. */
export interface Position {
  topic: string;
  partition: number;
  offset: number;
}

/** What stands between a cursor's checksum and its positions. Topics have no such character. */
const SEAL = '~';
const PARTITION = /^(0|[1-9]\d{0,9})#(0|[1-9]\d{0,15})$/;
const TOPIC = /^[a-zA-Z0-9._-]{1,249}$/;
const BASE64 = /^[\w+/-]*={0,2}$/;

/** What the ids of a partition's records begin with, and their offset ends: `topic@partition#`. As a cursor an id goes on behind that record. */
export const idPrefix = (topic: string, partition: number): string => `${topic}@${partition}#`;

/**
 * Writes where to go on in many partitions, in their order: `topic@partition#offset,partition#offset;topic@…` behind a checksum, as
 * base64url. A topic whose partitions do not stand together is named again.
 */
export function writeCursor(positions: readonly Position[]): string {
  const text = textOf(positions);
  return Buffer.from(`${sealOf(text)}${SEAL}${text}`).toString('base64url');
}

/**
 * Writes cursors that differ in one partition's offset alone: the checksum and the text of all the others are made once.
 *
 * @param others where to go on in the other partitions
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
 * Reads a cursor: ours; the same text without the checksum; or a message id or cursor as the Gravitee gateway writes them, plain or in
 * padded base64, where the offset is the one that was read last. There 0 may mean as well that nothing was read yet, so the first
 * record comes again rather than never.
 *
 * @returns the next offset of each partition; no partition comes twice
 * @throws {GatewayError} BadRequest for anything else, and for a cursor of ours that is not whole
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

/** Base64 that is whole: nothing but what an encoder would have written for these bytes. */
function decode(cursor: string): string {
  const bytes = BASE64.test(cursor) ? Buffer.from(cursor, 'base64') : Buffer.alloc(0);
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
    if (!TOPIC.test(topic) || more.length > 0) throw cursorDamaged();
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
