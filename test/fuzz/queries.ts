import fc from 'fast-check';

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

/** What parameters can be, mostly. A long poll is short, as nobody has the time. */
const values: Record<string, readonly string[]> = {
  offset: ['earliest', 'latest', ...numbers],
  timestamp: ['2026-01-01', '2026-01-01T00:00:00+01:00', '2026-02-30', '0001-01-01', '9999-12-31T23:59:59Z', ...numbers],
  timeout: ['0', '1', '20', '-1', 'soon', ''],
  max_bytes: numbers,
  min_bytes: ['0', '1', '-1', '2147483648', ''],
  limit: numbers,
  isolation: ['read_committed', 'read_uncommitted', 'none'],
  'strip-schema-header': ['true', 'false', 'TRUE'],
  acks: ['all', '1', '0', '-1', '2'],
  compression: ['none', 'gzip', 'snappy', 'lz4', 'zstd', 'brotli'],
  'key-path': ['id', 'a.b', 'a.0.b', '.', '..', '\\', 'a\\', '*', '#', '__proto__', 'constructor.prototype', '0', 'a'.repeat(1000)],
};

const anyText = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => encodeURIComponent(text.toWellFormed()));
const usual = fc
  .constantFrom(...Object.keys(values))
  .chain((name) => fc.constantFrom(...values[name]).map((value) => `${name}=${encodeURIComponent(value)}`));
const odd = fc.oneof(
  fc.constantFrom(
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
  ),
  fc.tuple(anyText, anyText).map(([name, value]) => `${name}=${value}`),
  fc.tuple(fc.constantFrom(...Object.keys(values)), anyText).map(([name, value]) => `${name}=${value}`),
);

/** A query without its question mark; most have an offset, as without one little happens. */
export const anyQuery = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom('offset=0', 'offset=earliest', 'timestamp=0') }, fc.constant('')),
    fc.array(fc.oneof({ weight: 3, arbitrary: usual }, odd), { maxLength: 3 }),
  )
  .map(([first, others]) =>
    [first, 'timeout=0', ...others]
      .filter((part, at) => part !== '' && (at !== 1 || !others.some((other) => other.startsWith('timeout'))))
      .join('&'),
  );
