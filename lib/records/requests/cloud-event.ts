import { type Header, type Slice, whole } from '../../kafka/record.ts';
import { headerBytes } from './header-bytes.ts';

/** How an HTTP request brings CloudEvents: its context in headers, a JSON text with all of it, or an array of those. */
export type EventMode = 'binary' | 'structured' | 'batch';

/** Attributes that every event has: a request with none of them is no event, whatever else begins with `ce-`. */
const REQUIRED = ['ce-specversion', 'ce-id', 'ce-type', 'ce-source'];
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Finds out whether a request is one of CloudEvents, by its HTTP protocol binding.
 *
 * @param mediaType without parameters, in lower case
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function eventMode(mediaType: string | null, headers: Headers): EventMode | null {
  if (mediaType === BATCH) return 'batch';
  if (mediaType?.startsWith('application/cloudevents')) return 'structured';
  return REQUIRED.some((name) => headers[name] !== undefined) ? 'binary' : null;
}

/**
 * The record headers of an event, by the Kafka protocol binding: its attributes with `ce_` in front, and `content-type`, of the data in
 * binary mode and of the event in the others.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
export function eventHeaders(mode: EventMode, headers: Headers): Header[] {
  const type = mode === 'batch' ? STRUCTURED : headers['content-type'];
  const found: Header[] = type ? [{ key: 'content-type', value: Buffer.from(type) }] : [];
  if (mode !== 'binary') return found;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name.startsWith('ce-')) found.push({ key: `ce_${name.slice(3)}`, value: attributeBytes(value) });
  }
  return found;
}

/** The key of an event in binary mode, where it has one. */
export function eventKey(headers: Headers): Slice | null {
  const value = headers['ce-partitionkey'];
  return value === undefined ? null : whole(attributeBytes(value));
}

/** In HTTP, what is not printable ASCII has percent escapes, and a value may stand in quotes. */
function attributeBytes(value: string): Buffer {
  const [, quoted = value] = /^"(.*)"$/s.exec(value) ?? [];
  const text = quoted === value ? value : quoted.replaceAll(/\\(.)/gs, '$1');
  if (!text.includes('%')) return headerBytes(text);
  try {
    return Buffer.from(decodeURIComponent(headerBytes(text).toString()));
  } catch {
    // A percent sign of a client that escapes nothing.
    return headerBytes(text);
  }
}
