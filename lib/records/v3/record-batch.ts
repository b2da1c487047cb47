import { type JsonScanner, scanText } from '../../json/json-scanner.ts';
import { readMemberName, refuseMember } from '../../json/member-name.ts';
import { Place } from '../../json/place.ts';
import { MOST_ENTRIES } from '../../limits-of-request.ts';
import { listMissing, notABody, placeInvalid } from '../../messages/produce.ts';
import { emptyBatch, entryIdInvalid, idsNotDistinct, noData, tooManyEntries } from '../../messages/v3.ts';
import { type BatchEntry, type RecordOptions, readTypedRecord } from './record.ts';

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const ID = /^"[\w-]{1,80}"$/;

/** A batch's entries, and the `id` of each, in the order of the request. */
export interface RecordBatch {
  ids: string[];
  entries: BatchEntry[];
}

/**
 * Reads the body of `POST …/records:batch`: `{"entries":[{"id", …}]}`, where the rest of each entry is a record. The function overwrites
 * the bytes as it reads: the caller gives them away.
 *
 * @throws {GatewayError} InvalidBatch for no entries, too many, or missing, invalid or duplicate ids; InvalidRecord for entries that are
 *   not records; BadRequest for malformed JSON
 */
export function readRecordBatch(bytes: Buffer, options: RecordOptions): RecordBatch {
  const json = scanText(bytes);
  const first = json.peek();
  if (first < 0) throw noData();
  if (first !== OPEN_BRACE) {
    json.value();
    throw notABody('entries');
  }
  let batch: RecordBatch | null = null;
  if (json.enter(CLOSE_BRACE)) {
    do {
      const name = readMemberName(json);
      if (name !== 'entries' || batch !== null) refuseMember(name, ['entries'], 'the body');
      batch = readEntries(json, options);
    } while (json.more(CLOSE_BRACE));
  }
  json.finish();
  if (batch === null) throw listMissing('entries');
  if (new Set(batch.ids).size < batch.ids.length) throw idsNotDistinct();
  if (batch.ids.length === 0) throw emptyBatch();
  return batch;
}

function readEntries(json: JsonScanner, options: RecordOptions): RecordBatch {
  const batch: RecordBatch = { ids: [], entries: [] };
  if (json.peek() !== OPEN_BRACKET) {
    json.value();
    throw placeInvalid('entries', 'an array');
  }
  if (!json.enter(CLOSE_BRACKET)) return batch;
  const place = new Place('entries');
  do {
    if (batch.ids.length === MOST_ENTRIES) throw tooManyEntries();
    place.begin(batch.entries.length);
    let id: string | undefined;
    const readId = () => {
      id = readEntryId(json);
    };
    batch.entries.push(readTypedRecord(json, { ...options, readId }, place));
    batch.ids.push(id ?? invalidId());
  } while (json.more(CLOSE_BRACKET));
  return batch;
}

function readEntryId(json: JsonScanner): string {
  json.peek();
  const start = json.at;
  json.value();
  const text = json.bytes.toString('latin1', start, json.at);
  return ID.test(text) ? text.slice(1, -1) : invalidId();
}

function invalidId(): never {
  throw entryIdInvalid();
}
