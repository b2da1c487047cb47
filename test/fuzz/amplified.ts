import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { TypedBody } from './contents.ts';

/** Bodies that are one small thing over and over. Compressed, they are a few kilobytes. */
export interface AmplifiedBody {
  contentType: string | null;
  contentEncoding: string | null;
  content: string | Buffer;
}

/** Smallest first, to which a failure is made smaller. The largest is what the gateway takes. */
const sizes = fc.constantFrom(65_536, 1_048_576, 6_291_456, 6_291_456);

const PROTOBUF = 'application/x-protobuf';

type Repeated = readonly [contentType: string, opening: string, piece: string];

const v2 = (opening: string, piece: string): Repeated[] =>
  ['binary', 'json', 'text'].map((format) => [`application/vnd.kafka.${format}.v2+json`, opening, piece]);

/** What makes many things of few bytes, by the paths that it is for, first match first. */
const kinds: readonly [path: RegExp, repeated: readonly Repeated[]][] = [
  [/^\/v3\/.*\/records:/, [['application/x-ndjson', '{"entries":[', '{"id":"a"},']]],
  [
    /^\/v3\/.*\/records/,
    [
      ['application/x-ndjson', '', '1 '],
      ['application/x-ndjson', '', '{}'],
      ['application/x-ndjson', '', '{"value":{"type":"BINARY","data":"*"}}'],
      ['application/x-ndjson', '{"headers":[', '{"name":""},'],
    ],
  ],
  [
    /^\/pubsub/,
    [
      [PROTOBUF, '', '\x12\0'],
      [PROTOBUF, '', '\x12\x02\x2a\0'],
      [PROTOBUF, '', '\x08\0'],
      [`${PROTOBUF}; encoding=delimited`, '', '\0'],
      ['application/json', '{"cmdKafkaProduce":{"topic":"orders","records":[', '{},'],
      ['application/json', '{"cmdKafkaProduce":{"records":[{"headers":[', '{},'],
      ['application/json', '[', '[],'],
    ],
  ],
  [/^\/groups/, [['application/json', '{"offsets":[', '{"topic":"a","offset":0,"partition":0},']]],
  [
    /^/,
    [
      ...v2('{"records":[', '{},'),
      ...v2('{"records":[{"headers":[', '{"key":""},'),
      ...v2('{"records":[{"value":"', '\\n'),
      ...v2('{"key_schema":[', '[],'),
      ...v2('{"records":[{"value":', '['),
      ['application/json', '[', '0,'],
    ],
  ],
];

/** API Gateway hands over bodies of these types as text, which leaves nothing of what is compressed. */
const TEXT = /^(text\/|application\/json)/;

/** A body for a path that is a part of a usual one, or something small, over and over. */
export function amplified(path: string, typed: fc.Arbitrary<TypedBody>): fc.Arbitrary<AmplifiedBody> {
  const [, repeated] = kinds.find(([pattern]) => pattern.test(path)) ?? kinds[0];
  const known = fc.tuple(fc.constantFrom(...repeated), sizes).map(([[contentType, opening, piece], size]) => {
    const pieces = piece.repeat(Math.floor((size - opening.length) / piece.length) - 50);
    const content = contentType === PROTOBUF && piece.startsWith('\x12') ? produceOf(pieces) : Buffer.from(opening + pieces, 'latin1');
    return compressed(contentType, content);
  });
  const part = fc.tuple(typed, fc.nat(), fc.integer({ min: 1, max: 40 }), sizes).map(([{ contentType, content }, at, length, size]) => {
    const whole = Buffer.from(content);
    const from = whole.length === 0 ? 0 : at % whole.length;
    const piece = whole.subarray(from, from + length);
    const times = Math.floor((size - whole.length) / Math.max(1, piece.length));
    const pieces = piece.length === 0 ? piece : Buffer.alloc(times * piece.length, piece);
    return compressed(contentType, Buffer.concat([whole.subarray(0, from), pieces, whole.subarray(from)]));
  });
  return fc.oneof(known, part);
}

function compressed(contentType: string | null, content: Buffer): AmplifiedBody {
  if (contentType === null || TEXT.test(contentType)) return { contentType, contentEncoding: null, content };
  return { contentType, contentEncoding: 'gzip', content: gzipSync(content) };
}

/** A command that produces, to the topic `orders`, with these fields. */
function produceOf(fields: string): Buffer {
  const content = Buffer.concat([Buffer.from('\x0a\x06orders'), Buffer.from(fields, 'latin1')]);
  const length: number[] = [];
  let left = content.length;
  for (; left > 127; left = Math.floor(left / 128)) length.push((left % 128) + 128);
  return Buffer.concat([Buffer.from([0xaa, 0x06, ...length, left]), content]);
}
