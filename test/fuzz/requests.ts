import fc from 'fast-check';
import type { RequestParts } from '../harness/http/gateway.ts';
import { anyAccept } from './accept.ts';
import { anyBody } from './bodies.ts';
import type { Known } from './known.ts';
import { anyTarget, type Target } from './paths.ts';
import { anyQuery } from './queries.ts';

/** A request as the gateway gets it. */
export interface FuzzRequest extends Target {
  parts: RequestParts & { headers: Record<string, string> };
  /** What of the body must not be seen in the log. */
  secrets: readonly string[];
}

/** Not what other tests send: they may send it where it is seen, while here it may be a record's key. */
const injection = '\r\nx-made-up: 1';
/** Short ones may be credentials here and names of topics there, which the log has. */
const values = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', '0', '1', '-1', '99999', 'a\0b', injection, 'topic', '*/*', '"key"', '"', '\u009b2J', '{{7*7}}', 'x'.repeat(8000)),
);
const names = fc.oneof(
  fc.constantFrom(
    ...['accept', 'content-type', 'content-encoding', 'idempotency-key', 'authorization', 'x-api-key', 'x-forwarded-for', 'cookie', 'host'],
  ),
  fc.constantFrom(
    ...['kafka-key', 'kafka-partition', 'kafka-topic', 'kafka-header-', 'kafka-header-a', `kafka-header-${injection}`, 'kafka-header-\0'],
  ),
  fc.constantFrom(...['__proto__', 'constructor', 'toString', 'kafka-header-__proto__', 'Content-Type', 'KAFKA-KEY']),
  fc.string({ unit: 'binary', maxLength: 10 }),
);

/** Requests for a Kafka that knows these. */
export const anyRequest = (known: Known): fc.Arbitrary<FuzzRequest> =>
  anyTarget(known).chain((target) =>
    fc
      .record({
        query: anyQuery(target, known),
        body: anyBody(target.path, known),
        accept: anyAccept(target),
        others: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(fc.tuple(names, values), { maxLength: 4 })),
      })
      .map(({ query, body, accept: accepted, others }) => {
        const named = { 'content-type': body.contentType, 'content-encoding': body.contentEncoding, accept: accepted };
        const own = Object.entries(named).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]));
        // By entries, so that __proto__ is a header like any other.
        const headers: Record<string, string> = Object.fromEntries([...own, ...others]);
        return {
          ...target,
          parts: { headers, query, remainingMs: 10_000, ...(body.content.length > 0 && { body: body.content }) },
          secrets: body.secrets,
        };
      }),
  );
