import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { secretsOfRecords } from '../harness/leaks/secrets.ts';
import { amplified } from './amplified.ts';
import { type TypedBody, text } from './contents.ts';
import { committedOffsets } from './group-bodies.ts';
import type { Known } from './known.ts';
import { pubsubBody } from './pubsub-bodies.ts';
import { createdTopic, producedBody } from './v2-bodies.ts';
import { createdTopicV3, recordBatch, recordStream } from './v3-bodies.ts';

/** A body and what says how to read it. */
export interface Body {
  contentType: string | null;
  contentEncoding: string | null;
  content: string | Buffer;
  /** What of it must not be seen anywhere else. */
  secrets: readonly string[];
}

/** Bodies by the paths that they are for, first match first. */
const kinds: readonly [path: RegExp, body: (known: Known) => fc.Arbitrary<TypedBody>][] = [
  [/^\/admin/, createdTopic],
  [/^\/v3\/.*\/records:/, () => recordBatch],
  [/^\/v3\/.*\/records/, () => recordStream],
  [/^\/v3\//, createdTopicV3],
  [/^\/groups\//, committedOffsets],
  [/^\/pubsub/, pubsubBody],
  [/^/, producedBody],
];

const deep = fc
  .tuple(
    fc.constantFrom('[', '{"a":', '{"records":[', '{"records":[{"value":[', '{"topic_name":'),
    fc.constantFrom(10, 511, 513, 5000, 200_000),
  )
  .map(([opening, depth]) => `${opening}${'['.repeat(depth)}${']'.repeat(depth)}${opening.startsWith('{"records"') ? ']}'.repeat(2) : ''}`);

const oddJson = fc.constantFrom(
  ...[
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"records":[{"__proto__":1,"value":"a"}]}',
    '[]',
    'null',
    '""',
  ],
  ...[
    '{"records":[{"value":"a","value":"b"}]}',
    '{"records":[{"value":1e999}]}',
    '{"records":[{"value":"\\ud800"}]}',
    '{"records":[{"headers":[{}]}]}',
  ],
  ...[
    '{"records":[{"value":-}]}',
    '{"records":[{"value":\u00a01}]}',
    '\ufeff{"records":[{"value":1}]}',
    '{"topic_name":"a","__proto__":{}}',
  ],
);

/** Cuts a part out, doubles it, or puts something in its place. */
const mutated = (body: fc.Arbitrary<string | Buffer>): fc.Arbitrary<string | Buffer> =>
  fc
    .tuple(body, fc.nat(), fc.nat({ max: 20 }), fc.oneof(fc.constantFrom('', '"', '\\', '{', ']', ',', '\0', '\ud800', '0', 'null'), text))
    .map(([content, at, length, other]) => {
      const whole = typeof content === 'string' ? content : content.toString('latin1');
      const from = whole.length === 0 ? 0 : at % whole.length;
      const changed =
        whole.slice(0, from) + (other === '0' ? whole.slice(from, from + length).repeat(2) : other) + whole.slice(from + length);
      return typeof content === 'string' ? changed : Buffer.from(changed, 'latin1');
    });

const types = [
  ...['binary', 'json', 'text', 'avro', 'xml'].map((format) => `application/vnd.kafka.${format}.v2+json`),
  ...[
    'application/vnd.kafka.v2+json',
    'application/json',
    'application/cloudevents+json; charset=utf-8',
    'text/plain',
    'application/octet-stream',
    'application/x-ndjson',
    'application/x-protobuf',
    'application/x-protobuf; encoding=delimited',
    ';',
    '__proto__',
  ],
];

/** Bodies for a path, on a Kafka that knows these: as they should be, or nearly, or not at all. */
export function anyBody(path: string, known: Known): fc.Arbitrary<Body> {
  const [, bodyOf] = kinds.find(([pattern]) => pattern.test(path)) ?? kinds[0];
  const typed = bodyOf(known);
  const odd = typed.chain(({ contentType, content }) =>
    fc.record({
      contentType: fc.oneof({ weight: 2, arbitrary: fc.constant(contentType) }, fc.constantFrom(...types)),
      content: fc.oneof({ weight: 3, arbitrary: mutated(fc.constant(content)) }, deep, oddJson, text, fc.json()),
    }),
  );
  const noText = fc.record({
    contentType: fc.constantFrom(...types),
    content: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  });
  const none = fc.constant({ contentType: null, content: '' });
  const encodings = fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    fc.constantFrom('gzip', 'x-gzip', 'identity', 'br', 'gzip, gzip', 'cut'),
  );
  const usual = fc
    .tuple(fc.oneof({ weight: 5, arbitrary: typed }, { weight: 3, arbitrary: odd }, noText, none), encodings)
    .map(([{ contentType, content, ...others }, contentEncoding]) => {
      const secrets = 'secrets' in others ? (others.secrets ?? []) : secretsOfRecords(String(content));
      const body = { contentType, secrets: secrets.filter(isTelling) };
      if (contentEncoding === 'cut') return { ...body, contentEncoding: 'gzip', content: gzipSync(content).subarray(0, 15) };
      return { ...body, contentEncoding, content: contentEncoding?.endsWith('gzip') ? gzipSync(content) : content };
    });
  return fc.oneof(
    { weight: 10, arbitrary: usual },
    { weight: 1, arbitrary: amplified(path, typed).map((body) => ({ ...body, secrets: [] })) },
  );
}

/** Shorter texts occur by chance, and bytes that are no text in nothing that is. */
const isTelling = (secret: string): boolean => secret.length >= 12 && !secret.includes('\ufffd');
