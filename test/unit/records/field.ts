import assert from 'node:assert/strict';
import { JsonScanner } from '../../../lib/json/json-scanner.ts';
import { JsonWriter } from '../../../lib/json/json-writer.ts';
import { Place } from '../../../lib/json/place.ts';
import type { RecordFormat } from '../../../lib/records/formats/record-format.ts';
import { bytesOf } from './bytes-of.ts';

/** The bytes that a format reads from a JSON value as the key of records[3]. */
export function readField(format: RecordFormat, text: string): Buffer | null {
  const json = new JsonScanner(Buffer.from(`${text},`));
  const place = new Place();
  place.record = 3;
  place.field = 'key';
  const slice = format.read(json, place);
  assert.equal(json.bytes.toString('utf8', json.at), ',');
  return bytesOf(slice);
}

/** What a format shows of stored bytes; null when it cannot show them. */
export function showField(format: RecordFormat, bytes: Buffer, strict = true): string | null {
  const out = new JsonWriter(Buffer.alloc(1));
  const around = Buffer.concat([Buffer.from('0'), bytes, Buffer.from('0')]);
  const shown = format.write(out, { bytes: around, start: 1, end: 1 + bytes.length }, strict);
  if (!shown) assert.equal(out.at, 0);
  return shown ? out.toString() : null;
}
