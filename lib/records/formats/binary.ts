import { NOT_BASE64, readBase64 } from '../../json/base64.ts';
import { notBase64, placeInvalid } from '../../messages/produce.ts';
import type { RecordFormat } from './record-format.ts';

const QUOTE = 0x22;

/** Keys and values as base64, for any bytes. Requests may leave the padding out; responses have it. */
export const binary: RecordFormat = {
  name: 'binary',
  mediaType: 'application/vnd.kafka.binary.v2+json',
  content: 'bytes',

  read(json, place) {
    if (json.null()) return null;
    if (json.peek() !== QUOTE) {
      json.value();
      throw placeInvalid(place, 'a base64 string or null');
    }
    const start = json.at + 1;
    const end = readBase64(json);
    if (end === NOT_BASE64) {
      throw notBase64(place);
    }
    return { bytes: json.bytes, start, end };
  },

  write(out, { bytes, start, end }) {
    out.base64(bytes, start, end);
    return true;
  },
};
