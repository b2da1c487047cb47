import fc from 'fast-check';
import type { Target } from './paths.ts';

const json = ['application/json', 'application/vnd.kafka.v2+json', 'application/*'];

/** What the route offers at such a path, first match first. */
const offered: readonly [path: RegExp, types: readonly string[]][] = [
  [/^\/v3\//, ['application/json']],
  [/^\/pubsub/, ['application/json', 'application/x-protobuf', '*/*']],
  [/^\/topics\/[^/]+\/records/, ['application/json', 'application/x-ndjson', 'text/plain', 'text/*', 'application/vnd.kafka.v2+json']],
  [/^\/topics\/.*\/records/, ['binary', 'json', 'text', 'avro'].map((format) => `application/vnd.kafka.${format}.v2+json`)],
];

const odd = fc.constantFrom(
  ...['text/html', '', ';', 'a/b;q=2', '*/*;q=0', '*', 'application/json;q=0.0001, text/plain;q=1', 'application/vnd.kafka.json.v1+json'],
  ...['application/vnd.kafka.binary.v2+json;q=0.5, */*;q=0.1', `${'a/b,'.repeat(1000)}*/*`, `*/*${';'.repeat(5000)}`],
);

/** An Accept header, mostly of what the route offers; null for none. */
export function anyAccept({ path }: Target): fc.Arbitrary<string | null> {
  const [, types] = offered.find(([pattern]) => pattern.test(path)) ?? [null, json];
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 4, arbitrary: fc.constantFrom(...types) },
    { weight: 1, arbitrary: odd },
  );
}
