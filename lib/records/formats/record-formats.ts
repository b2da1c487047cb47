import { binary } from './binary.ts';
import { json } from './json.ts';
import { text } from './text.ts';

/** The formats of keys and values, by their names in media types: `application/vnd.kafka.<name>.v2+json`. */
export const recordFormats = { binary, json, text } as const;

export type RecordFormatName = keyof typeof recordFormats;
