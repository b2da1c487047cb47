import { notAcceptable } from '../messages/requests.ts';

/** The media types of the API. `generic` is for everything but records; for records it means `binary`. */
export const mediaTypes = {
  generic: 'application/vnd.kafka.v2+json',
  plainJson: 'application/json',
  /** One JSON text per line. */
  jsonLines: 'application/x-ndjson',
  plainText: 'text/plain',
  eventStream: 'text/event-stream',
  binary: 'application/vnd.kafka.binary.v2+json',
  json: 'application/vnd.kafka.json.v2+json',
  text: 'application/vnd.kafka.text.v2+json',
  avro: 'application/vnd.kafka.avro.v2+json',
  jsonschema: 'application/vnd.kafka.jsonschema.v2+json',
  protobuf: 'application/vnd.kafka.protobuf.v2+json',
} as const;

/** The media types of routes that return no records. */
export const genericTypes = [mediaTypes.generic, mediaTypes.plainJson] as const;

const V1_OR_NO_VERSION = /^application\/vnd\.kafka(\.[a-z]+)??(?:\.v1)?\+json$/;

/** The v2 media type for which a v1 or unversioned Kafka type is an alias (`application/vnd.kafka.binary.v1+json`); others unchanged. */
export function asV2(mediaType: string): string {
  if (mediaType.endsWith('.v2+json')) return mediaType;
  return mediaType.replace(V1_OR_NO_VERSION, 'application/vnd.kafka$1.v2+json');
}

/** A media type without its parameters, in lower case. */
export function essence(mediaType: string): string {
  const semicolon = mediaType.indexOf(';');
  return (semicolon === -1 ? mediaType : mediaType.slice(0, semicolon)).trim().toLowerCase();
}

/**
 * Chooses the media type of a response: the one of highest quality in `Accept`; among equals the one named most exactly, then the one
 * offered first.
 * @param accept the header; if absent, or if all its items are malformed, any type is acceptable
 * @param offered in the order of the gateway's preference
 * @throws {GatewayError} NotAcceptable with the list of offered types
 */
export function negotiate<Type extends string>(accept: string | undefined, offered: readonly [Type, ...Type[]]): Type {
  const preferred = prefer(accept, offered);
  if (preferred !== null) return preferred;
  throw notAcceptable(offered.join(', '));
}

/** As {@link negotiate}, but null when nothing offered is acceptable. */
export function prefer<Type extends string>(accept: string | undefined, offered: readonly [Type, ...Type[]]): Type | null {
  if (accept === undefined || accept === '*/*' || accept === offered[0]) return offered[0];

  const qualities = readAccept(accept);
  if (qualities.size === 0) return offered[0];
  let best: Type | null = null;
  let bestRank = 0;
  for (const type of offered) {
    const rank = rankOf(type, qualities);
    if (rank > bestRank) {
      best = type;
      bestRank = rank;
    }
  }
  return best;
}

/**
 * The rank of a type: by quality, then by how exactly the header names the type; 0 means not acceptable. Only the most exact match counts.
 */
function rankOf(type: string, qualities: ReadonlyMap<string, number>): number {
  const ranges = ['*/*', `${type.slice(0, type.indexOf('/'))}/*`, type];
  for (let exactness = ranges.length - 1; exactness >= 0; exactness--) {
    const quality = qualities.get(ranges[exactness]);
    if (quality !== undefined) return quality === 0 ? 0 : quality * 10_000 + exactness;
  }
  return 0;
}

const MEDIA_RANGE = /^(\*\/\*|[\w!#$&^.+-]+\/(\*|[\w!#$&^.+-]+))$/;

/** The quality of each media range of the header; of duplicates, the higher one. Malformed items are ignored. */
function readAccept(accept: string): Map<string, number> {
  const qualities = new Map<string, number>();
  for (const item of accept.split(',')) {
    // Java's HttpURLConnection sends a lone asterisk.
    const name = essence(item);
    const range = name === '*' ? '*/*' : asV2(name);
    const quality = qualityOf(item);
    if (quality !== null && MEDIA_RANGE.test(range)) qualities.set(range, Math.max(quality, qualities.get(range) ?? 0));
  }
  return qualities;
}

/** The `q` of an item of Accept, 1 if absent; null when it is not a number from 0 to 1. */
function qualityOf(item: string): number | null {
  let from = item.indexOf(';');
  while (from !== -1) {
    const to = item.indexOf(';', from + 1);
    const [name, value] = item.slice(from + 1, to === -1 ? undefined : to).split('=');
    if (name.trim().toLowerCase() === 'q') {
      const quality = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*$/.test(value ?? '') ? Number(value) : Number.NaN;
      return quality <= 1 ? quality : null;
    }
    from = to;
  }
  return 1;
}
