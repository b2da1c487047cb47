import fc from 'fast-check';
import { api } from '../../lib/http/api.ts';
import type { Known } from './known.ts';

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

/** Percent escapes that change nothing. */
const escapedInPart = (text: string): fc.Arbitrary<string> =>
  fc.nat({ max: Math.max(0, text.length - 1) }).map((at) => {
    const character = text.charCodeAt(at);
    return /[a-z]/i.test(text[at] ?? '') ? `${text.slice(0, at)}%${character.toString(16)}${text.slice(at + 1)}` : text;
  });

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'get', 'TRACE', '__proto__'];

/** What stands in a path for each of its parameters: mostly what there is. Only such topics as come and go are there to be deleted. */
function parametersOf(method: string, { there, added, groups, cluster, brokers }: Known): Record<string, fc.Arbitrary<string>> {
  const kept = method === 'DELETE' ? added : there;
  const either = (usual: readonly string[], ...odd: string[]) =>
    fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...odd) }, anySegment);
  return {
    '{topic}': either(kept, 'no-such-topic', ...added),
    '{topics}': either(
      [...kept, kept.join(','), '*', '*'],
      ...['no-such-topic', `${kept[0]},${kept[0]}`, `${kept[0]},`, ',', `${kept[0]},*`, `${kept[0]},no-such-topic`, kept.join('%2C')],
      ...added,
    ),
    '{partition}': either(['0', '1'], '2', '00', '2147483647'),
    '{group}': either(groups, 'no-such-group', ...groups),
    '{cluster}': either([cluster], 'no-such-cluster', cluster.toLowerCase(), `${cluster}%00`),
    '{broker}': either(brokers.map(String), '4711', '2147483647', '-1'),
    '{subscription}': either(['hook'], 'a%20hook', 'hook%2Fhook'),
    '{config}': either(['cleanup.policy', 'retention.ms', 'max.message.bytes'], 'no.such.config', 'retention.ms%20'),
  };
}

/** Routes at which there is more to be tried out: they are asked for more often. */
const telling = api.filter((route) => !route.startsWith('GET') || /records|messages|offsets|group/.test(route));

/** Requests for a route of the API, most of them about what there is; and for what is none. */
export function anyTarget(known: Known): fc.Arbitrary<Target> {
  const filled = (method: string, pattern: string): fc.Arbitrary<Target> => {
    const parameters = parametersOf(method, known);
    const segments = pattern.split('/').map((segment) => parameters[segment] ?? fc.constant(segment));
    return fc.tuple(...segments).map((chosen) => ({ method, path: chosen.join('/') }));
  };
  const route = fc.oneof(fc.constantFrom(...api), fc.constantFrom(...telling));
  const ofApi = route.chain((key) => {
    const [method, pattern] = key.split(' ');
    return filled(method, pattern);
  });
  const changed = fc
    .tuple(route, fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.constantFrom(...methods)))
    .chain(([key, another]) => {
      const [method, pattern] = key.split(' ');
      return filled(another ?? method, pattern);
    })
    .chain(({ method, path }) => changedPath(path).map((other) => ({ method, path: other })));
  return fc.oneof({ weight: 4, arbitrary: ofApi }, { weight: 1, arbitrary: changed });
}

const changedPath = (path: string): fc.Arbitrary<string> =>
  fc.oneof(
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
  );
