import { isUtf8 } from 'node:buffer';
import { compactJson } from '../../json/compact-json.ts';
import { isJson } from '../../json/is-json.ts';
import type { RecordFormat } from './record-format.ts';

const LOWER_N = 0x6e;

/**
 * Keys and values as any JSON. They reach Kafka as they were sent, minus insignificant whitespace: digits of numbers and the order and
 * duplicates of members stay as they are; `""` is a value of two bytes. Responses show stored JSON as it is in the log.
 */
export const json: RecordFormat = {
  name: 'json',
  mediaType: 'application/vnd.kafka.json.v2+json',
  content: 'JSON',

  read(json) {
    const first = json.peek();
    const { at: start, spaces, bytes } = json;
    json.value();
    if (first === LOWER_N) return null;
    return { bytes, start, end: json.spaces === spaces ? json.at : compactJson(bytes, start, json.at) };
  },

  write(out, { bytes, start, end }, strict) {
    if (!isJson(bytes, start, end) || (strict && !isUtf8(bytes.subarray(start, end)))) return false;
    out.copy(bytes, start, end);
    return true;
  },
};
