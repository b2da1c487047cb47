import fc from 'fast-check';
import { cursorsOf } from './cursors.ts';
import type { Known } from './known.ts';
import type { Target } from './paths.ts';

const numbers = [
  '0',
  '1',
  '2',
  '10',
  '-1',
  '-2',
  '-3',
  '1000',
  '2147483647',
  '9007199254740991',
  '9007199254740993',
  '1e3',
  '0x10',
  '1.5',
  '٣',
  '',
];
const times = ['2026-01-01', '2026-01-01T00:00:00+01:00', '2026-02-30', '0001-01-01', '9999-12-31T23:59:59Z', ...numbers];
const formats = ['json', 'text', 'binary', 'avro', ''];

/** In gjson's syntax, or nearly. */
const keyPaths = [
  ...['id', 'a.b', 'a.0.b', 'list.0.id', 'list.#', 'list.#.id', 'list|0', 'i*', '?d', 'a\\.b', '0'],
  ...[
    'list.#(id=="x").n',
    'list.#(n>1)#.id',
    'list.#(id%"x*")',
    'list.#(id!%"*")#|0',
    '#(id==1)',
    'a.#(b==null)',
    'a.#(#(b))',
    'list.#(n>1e999)',
  ],
  ...['.', '..', '\\', 'a\\', '*', '#', '#(', '#(a', '#(a=', '#(a=="', '@this', '!"x"', '{a,b}', '[a]', '|', '||', 'a.|b'],
  ...['__proto__', 'constructor.prototype', 'a'.repeat(1000), '*'.repeat(200), '#(#(#(#(a', '*a*a*a*a*a*a*a*a*b', '\u0000', '\ud83d'],
];
const filters = [
  ...['key', 'key==key', 'key!=key', 'value', 'value==text', 'value.json', 'value.json==true', 'value.json>=1', 'header.a', 'header.a==b'],
  ...[
    'value.list.#(n>1)#.id==x',
    'value.\\==1',
    'value.a\\.b',
    'header.',
    'value.',
    '',
    '==',
    '=',
    'key<',
    'key<a',
    'key<=NaN',
    'offset==1',
  ],
  ...['value.#(', '__proto__', 'value.__proto__==1', `value==${'a'.repeat(1000)}`, 'key<1e999', 'header.\u0000==\u0000'],
];

/** What the parameters of a route can be, mostly. A long poll is short, as nobody has the time. */
function parametersOf({ method, path }: Target, known: Known): Record<string, readonly string[]> {
  const read = {
    timeout: ['0', '1', '20', '-1', 'soon', ''],
    max_bytes: numbers,
    limit: numbers,
    isolation: ['read_committed', 'read_uncommitted', 'none'],
    'strip-schema-header': ['true', 'false', 'TRUE'],
  };
  if (/^\/groups/.test(path)) return { topic: [...known.there, ...known.added, 'no-such-topic', '..', ''], partition: numbers };
  if (method === 'POST') {
    return {
      acks: ['all', '1', '0', '-1', '2'],
      compression: ['none', 'gzip', 'snappy', 'lz4', 'zstd', 'brotli'],
      async: ['true', 'true', 'false', '1'],
      'key-path': keyPaths,
    };
  }
  if (/\/offsets/.test(path)) return { timestamp: times };
  if (/\/partitions\//.test(path)) {
    return { ...read, offset: ['earliest', 'latest', ...numbers], timestamp: times, min_bytes: ['0', '1', '-1', '2147483648', ''] };
  }
  return {
    ...read,
    ...{ cursor: cursorsOf(known), from: [...ends, ...times], to: [...ends, ...times], filter: filters },
    ...{ format: formats, 'key-format': formats, 'topics-pattern': patternsOf(known) },
    ...{ group: [...known.groups, ...known.groups, ''], delivery: ['at-least-once', 'at-most-once', 'auto', 'never'] },
  };
}

const ends = ['earliest', 'latest', 'offset:0', 'offset:1', 'offset:-1', 'offset:9007199254740992', 'offset:'];

/** Patterns of topics' names. Those of other tests are not theirs to read. */
const patternsOf = ({ there }: Known): string[] => [
  ...[`${there[0]}.*`, `(${there.join('|')})`, `${there[0]}(-[0-9])?`, `^${there[1]}$`, `${there[0]}-[[:digit:]]`, `\\Q${there[0]}\\E`],
  ...[
    'no-such.*',
    '(a*)*b',
    'a{1000}{1000}',
    '(a|a)*'.repeat(50),
    '[',
    '(',
    ')',
    '*',
    '\\',
    '[z-a]',
    '(?=a)',
    '\\1',
    '(?i)A',
    'a'.repeat(5000),
    '',
  ],
];

const anyText = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => encodeURIComponent(text.toWellFormed()));
const odd = fc.oneof(
  fc.constantFrom(
    ...[
      '__proto__=1',
      'constructor=1',
      'offset',
      '=',
      '==',
      '%',
      '%zz=1',
      'limit=%c3%28',
      'offset=1%00',
      'offset=1%0d%0aa:b',
      '+=+',
      'toString',
    ],
  ),
  fc.tuple(anyText, anyText).map(([name, value]) => `${name}=${value}`),
);

/** What a request needs for much to happen. */
function neededOf({ method, path }: Target, known: Known): readonly string[] {
  const each = (name: string, values: readonly string[]) => values.map((value) => `${name}=${encodeURIComponent(value.toWellFormed())}`);
  if (/^\/topics\/[^/]+\/partitions\/.*\/(records|messages)/.test(path)) return ['offset=0', 'offset=earliest', 'timestamp=0'];
  if (/^\/topics\/\*\/records/.test(path)) return each('topics-pattern', patternsOf(known));
  if (/^\/topics\/[^/]+\/records/.test(path)) return each('filter', filters);
  if (method === 'POST') return each('key-path', keyPaths);
  return [''];
}

/** A query without its question mark, for a request to a Kafka that knows these. */
export function anyQuery(target: Target, known: Known): fc.Arbitrary<string> {
  const parameters = parametersOf(target, known);
  const name = fc.constantFrom(...Object.keys(parameters));
  const usual = name.chain((one) =>
    fc.constantFrom(...parameters[one]).map((value) => `${one}=${encodeURIComponent(value.toWellFormed())}`),
  );
  const strange = fc.oneof(
    odd,
    fc.tuple(name, anyText).map(([one, value]) => `${one}=${value}`),
  );
  return fc
    .tuple(
      fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...neededOf(target, known)) }, fc.constant('')),
      fc.array(fc.oneof({ weight: 4, arbitrary: usual }, strange), { maxLength: 3 }),
    )
    .map(([needed, others]) => {
      const isTimed = others.some((other) => other.startsWith('timeout'));
      return [needed, ...(isTimed ? [] : ['timeout=0']), ...others].filter((part) => part !== '').join('&');
    });
}
