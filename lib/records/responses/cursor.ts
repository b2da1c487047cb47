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

/** Ends a cursor's checksum, and its incarnations. Neither they nor topic names can have this character. */
const SEAL = '~';
/** The most characters of a checksum with its end, and of the last offset. */
const MOST_BESIDE = 8 + 16;
const INCARNATION = /^(?:[\w-]{4})?$/;
const PARTITION = /^(0|[1-9]\d{0,9})#(0|[1-9]\d{0,15})$/;
const BASE64 = /^[\w+/-]*={0,2}$/;

/** The prefix of record ids in a partition, `topic@partition#`; the offset follows. An id is also a cursor to the record after it. */
export const idPrefix = (topic: string, partition: number): string => `${topic}@${partition}#`;

/**
 * Writes a cursor: the next offsets of partitions, in the given order, as `topic@partition#offset,partition#offset;topic@…` in base64url,
 * after a checksum and the incarnations of its topics: `checksum~incarnation,incarnation~topic@…`. A topic is named again when another
 * topic comes between its partitions, or one of its name. A cursor that would be too long is written without incarnations.
 */
export const writeCursor = (positions: readonly Position[]): string => sealed(textWithin(positions));

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
  const head = textWithin([...others, { ...one, offset: 0 }]).slice(0, -1);
  const ofHead = crc32(head);
  return (offset) => {
    const digits = String(offset);
    return Buffer.from(`${crc32(digits, ofHead).toString(36)}${SEAL}${head}${digits}`, 'latin1').toString('base64url');
  };
}

/** The text with incarnations, unless its cursor would be too long with any checksum and any last offset. */
function textWithin(positions: readonly Position[]): string {
  const text = textOf(positions);
  return (text.length + MOST_BESIDE) * (4 / 3) <= MAX_CURSOR_LENGTH ? text : textOf(positions, false);
}

function textOf(positions: readonly Position[], withIncarnations = true): string {
  const incarnations: string[] = [];
  let text = '';
  let before: Position | null = null;
  for (const position of positions) {
    const isSame = position.topic === before?.topic && (!withIncarnations || position.incarnation === before.incarnation);
    if (!isSame) incarnations.push(position.incarnation ?? '');
    text += isSame ? ',' : `${text === '' ? '' : ';'}${position.topic}@`;
    text += `${position.partition}#${position.offset}`;
    before = position;
  }
  return withIncarnations && incarnations.some(Boolean) ? `${incarnations}${SEAL}${text}` : text;
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
  if (rest === '') return [];
  const end = rest.indexOf(SEAL);
  return readPositions(rest.slice(end + 1), false, end === -1 ? [] : rest.slice(0, end).split(','));
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

function readPositions(text: string, wasRead: boolean, incarnations: readonly string[] = []): Position[] {
  const parts = text.split(';');
  const isWhole = incarnations.length === 0 || incarnations.length === parts.length;
  if (!isWhole || !incarnations.every((incarnation) => INCARNATION.test(incarnation))) throw cursorDamaged();
  const positions: Position[] = [];
  const seen = new Set<string>();
  for (const [i, part] of parts.entries()) {
    const [topic, partitions = '', ...more] = part.split('@');
    if (!isTopicName(topic) || more.length > 0) throw cursorDamaged();
    const ofTopic = incarnations[i] ? { incarnation: incarnations[i] } : {};
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
