import { type Header, type Slice, whole } from '../../kafka/record.ts';
import { headerBytes } from './header-bytes.ts';

/** How an HTTP request carries CloudEvents: attributes in headers, one JSON event, or a JSON array of events. */
export type EventMode = 'binary' | 'structured' | 'batch';

/** Attributes that every event has: a request without any of them is not an event, even if it has other `ce-` headers. */
const REQUIRED = ['ce-specversion', 'ce-id', 'ce-type', 'ce-source'];
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Detects a request with CloudEvents, by the HTTP protocol binding.
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
 * The record headers of an event, by the Kafka protocol binding: its attributes with the prefix `ce_`, and `content-type`, which is that of
 * the data in binary mode and that of the event otherwise.
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

/** The key of an event in binary mode; null without one. */
export function eventKey(headers: Headers): Slice | null {
  const value = headers['ce-partitionkey'];
  return value === undefined ? null : whole(attributeBytes(value));
}

/** In HTTP headers, characters other than printable ASCII are percent-encoded, and a value may be quoted. */
function attributeBytes(value: string): Buffer {
  const [, quoted = value] = /^"(.*)"$/s.exec(value) ?? [];
  const text = quoted === value ? value : quoted.replaceAll(/\\(.)/gs, '$1');
  if (!text.includes('%')) return headerBytes(text);
  try {
    return Buffer.from(decodeURIComponent(headerBytes(text).toString()));
  } catch {
    // The client does not percent-encode, and the value has a percent sign.
    return headerBytes(text);
  }
}
