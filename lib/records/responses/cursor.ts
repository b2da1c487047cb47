import { crc32 } from 'node:zlib';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';
import { cursorDamaged } from '../../messages/read.ts';
import { isTopicName } from '../../topic-name.ts';

/** The next offset to read in a partition. */
export interface Position {
  topic: string;
  partition: number;
  offset: number;
  /** Tells the topic from others of its name: the first four characters of its id in base64url. Undefined where that is unknown. */
  incarnation?: string | undefined;
}

/** API Gateway limits the headers and the query of a request, and the headers of a response, to 10 KB; a cursor is in both. */
export const MAX_CURSOR_LENGTH = 8000;

/** Separates a cursor's checksum from its positions. Topic names cannot have this character. */
const SEAL = '~';
const INCARNATION = /^[\w-]{4}$/;
const PARTITION = /^(0|[1-9]\d{0,9})#(0|[1-9]\d{0,15})$/;
const BASE64 = /^[\w+/-]*={0,2}$/;

/** The prefix of record ids in a partition, `topic@partition#`; the offset follows. An id is also a cursor to the record after it. */
export const idPrefix = (topic: string, partition: number): string => `${topic}@${partition}#`;

/**
 * Writes a cursor: the next offsets of partitions, in the given order, as `topic:incarnation@partition#offset,partition#offset;topic:…`
 * after a checksum, in base64url. A topic is named again when another topic comes between its partitions. A cursor that would be too long
 * is written without incarnations.
 */
export function writeCursor(positions: readonly Position[]): string {
  const cursor = sealed(textOf(positions));
  return cursor.length <= MAX_CURSOR_LENGTH ? cursor : shortestCursor(positions);
}

/** The cursor without incarnations. */
export const shortestCursor = (positions: readonly Position[]): string => sealed(textOf(positions, false));

const sealed = (text: string): string => Buffer.from(`${sealOf(text)}${SEAL}${text}`).toString('base64url');

/**
 * Writes cursors that differ only in the offset of one partition: checksum and text of the others are computed once.
 *
 * @param others the positions in the other partitions
 * @param one the partition
 */
export function cursorsOf(others: readonly Position[], one: Omit<Position, 'offset'>): (offset: number) => string {
  const head = textOf([...others, { ...one, offset: 0 }]).slice(0, -1);
  const ofHead = crc32(head);
  return (offset) => {
    const digits = String(offset);
    return Buffer.from(`${crc32(digits, ofHead).toString(36)}${SEAL}${head}${digits}`, 'latin1').toString('base64url');
  };
}

function textOf(positions: readonly Position[], withIncarnations = true): string {
  let text = '';
  let topic = '';
  for (const position of positions) {
    const isSame = position.topic === topic;
    const ofTopic = position.incarnation === undefined || !withIncarnations ? '' : `:${position.incarnation}`;
    text += isSame ? ',' : `${text === '' ? '' : ';'}${position.topic}${ofTopic}@`;
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
    const [name, partitions = '', ...more] = part.split('@');
    const [topic, ...incarnations] = name.split(':');
    const isWhole = more.length === 0 && incarnations.length <= 1 && incarnations.every((one) => INCARNATION.test(one));
    if (!isTopicName(topic) || !isWhole) throw cursorDamaged();
    const ofTopic = incarnations.length === 0 ? {} : { incarnation: incarnations[0] };
    for (const one of partitions.split(',')) {
      const [, partition, offset] = PARTITION.exec(one)?.map(Number) ?? [];
      const place = `${topic}@${partition}`;
      if (partition === undefined || partition > MAX_PARTITION || !Number.isSafeInteger(offset) || seen.has(place)) throw cursorDamaged();
      seen.add(place);
      positions.push({ topic, partition, offset: wasRead && offset > 0 ? offset + 1 : offset, ...ofTopic });
    }
  }
  return positions;
}
