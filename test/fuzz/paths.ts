import fc from 'fast-check';
import { api } from '../../lib/http/api.ts';
import type { TopicNames } from './bodies.ts';

/** A request's method and path, still percent-encoded. */
export interface Target {
  method: string;
  path: string;
}

/** Names that are none, or ask for trouble. */
const oddSegments = [
  ...[
    '',
    '.',
    '..',
    '...',
    '%2e%2e',
    '%2F',
    '%2f..%2f',
    '%5C',
    '%00',
    '%0d%0aX-Injected:%201',
    '%',
    '%zz',
    '%c3%28',
    '%ed%a0%80',
    '%25%32%66',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '__consumer_offsets',
    '__transaction_state',
    '{topic}',
    '*',
    '-1',
    '4294967296',
    '0x0',
    '1e1',
  ],
  ...['a'.repeat(249), 'a'.repeat(250), '%61'.repeat(300), 'ü', '\u202e', "';--", '<script>', '~', ';a=b', '+', ' '],
];

/** A text as it could stand in a path: escaped, in part, or as it is. */
const anySegment = fc.oneof(
  fc.constantFrom(...oddSegments),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll('/', '')),
);

const partition = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('0', '1') },
  { weight: 1, arbitrary: fc.constantFrom('2', '00', '2147483647') },
  anySegment,
);

/** Percent escapes that change nothing. */
const escapedInPart = (text: string): fc.Arbitrary<string> =>
  fc.nat({ max: Math.max(0, text.length - 1) }).map((at) => {
    const character = text.charCodeAt(at);
    return /[a-z]/i.test(text[at] ?? '') ? `${text.slice(0, at)}%${character.toString(16)}${text.slice(at + 1)}` : text;
  });

/** Requests for a route of the API, most of them with a topic that there is; and for what is none. */
export function anyTarget({ there }: TopicNames): fc.Arbitrary<Target> {
  const topic = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...there) },
    { weight: 1, arbitrary: fc.constant('no-such-topic') },
    anySegment,
  );
  const ofApi = fc.tuple(fc.constantFrom(...api), topic, partition).map(([route, name, number]): Target => {
    const [method, pattern] = route.split(' ');
    return { method, path: pattern.replace('{topic}', () => name).replace('{partition}', () => number) };
  });
  const changed = ofApi.chain(({ method, path }) =>
    fc.record({
      method: fc.oneof(
        { weight: 4, arbitrary: fc.constant(method) },
        fc.constantFrom('PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'get', 'TRACE', '__proto__'),
      ),
      path: fc.oneof(
        escapedInPart(path),
        fc.constantFrom(
          `${path}/`,
          `${path}//`,
          `/${path}`,
          `${path}/..`,
          `.${path}`,
          path.slice(1),
          `${path}?`,
          `${path}#`,
          path.toUpperCase(),
        ),
        anySegment.map((segment) => `${path}/${segment}`),
        fc.array(anySegment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`),
      ),
    }),
  );
  return fc.oneof({ weight: 4, arbitrary: ofApi }, { weight: 1, arbitrary: changed });
}
