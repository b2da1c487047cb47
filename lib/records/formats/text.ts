import { isUtf8 } from 'node:buffer';
import { readString } from '../../json/json-string.ts';
import { placeInvalid } from '../../messages/produce.ts';
import type { RecordFormat } from './record-format.ts';

const QUOTE = 0x22;

/** Keys and values as strings: UTF-8 on the wire, JSON strings in bodies. Known from the Strimzi bridge. */
export const text: RecordFormat = {
  name: 'text',
  mediaType: 'application/vnd.kafka.text.v2+json',
  content: 'UTF-8',

  read(json, place) {
    if (json.null()) return null;
    if (json.peek() !== QUOTE) {
      json.value();
      throw placeInvalid(place, 'a string or null in the text format');
    }
    const start = json.at + 1;
    return { bytes: json.bytes, start, end: readString(json, place) };
  },

  write(out, { bytes, start, end }, strict) {
    if (strict && !isUtf8(bytes.subarray(start, end))) return false;
    out.escaped(bytes, start, end);
    return true;
  },
};
