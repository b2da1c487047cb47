import { binary } from './binary.ts';
import { json } from './json.ts';
import { text } from './text.ts';

/** The formats of keys and values, by the name they have in media types: `application/vnd.kafka.<name>.v2+json`. */
export const recordFormats = { binary, json, text } as const;

/** The name of a format. */
export type RecordFormatName = keyof typeof recordFormats;
