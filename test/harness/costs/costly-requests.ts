import { gzipSync } from 'node:zlib';

/** A request that is small on the wire, but large once it is decompressed or read. */
export interface CostlyRequest {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: string;
  /** The body as sent, compressed or not; empty if there is none. */
  body(): Buffer;
}

/** A repeated text between a beginning and an end, of this many bytes or slightly fewer. */
function filled(bytes: number, piece: string | ((i: number) => string), open = '', close = '', between = ''): Buffer {
  if (typeof piece === 'string') {
    const times = Math.floor((bytes - open.length - close.length + between.length) / (piece.length + between.length));
    const middle = Buffer.alloc(times * (piece.length + between.length), piece + between, 'latin1');
    return Buffer.concat([Buffer.from(open), middle.subarray(0, middle.length - between.length), Buffer.from(close)]);
  }
  const content = Buffer.alloc(bytes + open.length + close.length);
  let at = content.write(open, 'latin1');
  for (let i = 0; ; i++) {
    const part = (i === 0 ? '' : between) + piece(i);
    if (at + part.length + close.length > bytes) break;
    at += content.write(part, at, 'latin1');
  }
  at += content.write(close, at, 'latin1');
  return content.subarray(0, at);
}

/** A field of protobuf's wire format that has a length. */
function field(number: number, content: Buffer): Buffer {
  const bytes: number[] = [];
  for (const value of [number * 8 + 2, content.length]) {
    let left = value;
    for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
    bytes.push(left);
  }
  return Buffer.concat([Buffer.from(bytes), content]);
}

const V3 = '/v3/clusters/c-1/topics/orders/records';
const v2 = (format: string) => `application/vnd.kafka.${format}.v2+json`;
const PROTOBUF = 'application/x-protobuf';
const ORDERS = field(1, Buffer.from('orders'));
const produced = (records: Buffer): Buffer => field(101, Buffer.concat([ORDERS, records]));
const records = (piece: string | ((i: number) => string), bytes: number) => filled(bytes, piece, '{"records":[', ']}', ',');
const inCommand = (piece: string | ((i: number) => string), bytes: number, member = 'records') =>
  filled(bytes, piece, `{"cmdKafkaProduce":{"topic":"orders","${member}":[`, ']}}', ',');

type Kind = readonly [name: string, method: string, path: string, type: string, content: (bytes: number) => Buffer];

const kinds: readonly Kind[] = [
  ['a stream of numbers', 'POST', V3, 'application/json', (bytes) => filled(bytes, '1 ')],
  ['a stream of empty arrays', 'POST', V3, 'application/json', (bytes) => filled(bytes, '[]')],
  ['a stream of empty records', 'POST', V3, 'application/json', (bytes) => filled(bytes, '{}')],
  ['a stream of unknown members', 'POST', V3, 'application/json', (bytes) => filled(bytes, (i) => `{"${i}\\u0022\\u0022":1}`)],
  ['a stream of long unknown members', 'POST', V3, 'application/json', (bytes) => filled(bytes, `{"${'\\"'.repeat(64)}":1}`)],
  ['a stream of what is not base64', 'POST', V3, 'application/json', (bytes) => filled(bytes, '{"value":{"type":"BINARY","data":"*"}}')],
  ['a stream of schemas', 'POST', V3, 'application/json', (bytes) => filled(bytes, '{"value":{"data":1,"schema_id":1}}')],
  [
    'a batch of empty entries',
    'POST',
    `${V3}:batch`,
    'application/json',
    (bytes) => filled(bytes, '{"id":"a"}', '{"entries":[', ']}', ','),
  ],
  ['a batch of bad ids', 'POST', `${V3}:batch`, 'application/json', (bytes) => filled(bytes, '{}', '{"entries":[', ']}', ',')],
  ...['binary', 'json', 'text'].map(
    (format): Kind => [`records of ${format} without anything`, 'POST', '/topics/orders', v2(format), (bytes) => records('{}', bytes)],
  ),
  ['records for a thousand topics', 'POST', '/records', v2('json'), () => records((i) => `{"topic":"u-${i % 1000}"}`, 20_000)],
  ['records for one topic each', 'POST', '/records', v2('json'), (bytes) => records((i) => `{"topic":"t-${i}"}`, bytes)],
  [
    'records for partitions that are not there',
    'POST',
    '/topics/orders',
    v2('json'),
    (bytes) => records('{"partition":7}', Math.min(bytes, 680_000)),
  ],
  [
    'headers without end',
    'POST',
    '/topics/orders',
    v2('json'),
    (bytes) => filled(bytes, '{"key":""}', '{"records":[{"headers":[', ']}]}', ','),
  ],
  [
    'headers with values',
    'POST',
    '/topics/orders',
    v2('json'),
    (bytes) => filled(bytes, '{"key":"","value":""}', '{"records":[{"headers":[', ']}]}', ','),
  ],
  ['members of schemas', 'POST', '/topics/orders', v2('json'), (bytes) => filled(bytes, '[]', '{"key_schema":[', '],"records":[{}]}', ',')],
  [
    'a value nested too deep',
    'POST',
    '/topics/orders',
    v2('json'),
    (bytes) => Buffer.from(`{"records":[{"value":${'['.repeat(bytes - 30)}`),
  ],
  ['values nested deep', 'POST', '/topics/orders', v2('json'), (bytes) => records(`{"value":${'['.repeat(500)}${']'.repeat(500)}}`, bytes)],
  ['a member with a long name', 'POST', '/topics/orders', v2('json'), (bytes) => filled(bytes, '\\u0000', '{"records":[{"', '":1}]}')],
  ['escapes', 'POST', '/topics/orders', v2('text'), (bytes) => filled(bytes, '\\n', '{"records":[{"value":"', '"}]}')],
  ['whitespace', 'POST', '/topics/orders', v2('json'), (bytes) => filled(bytes, ' \n', '{"records":[{"value":[', ']}]}')],
  [
    'what is not UTF-8 at its end',
    'POST',
    '/topics/orders',
    v2('json'),
    (bytes) => Buffer.concat([records('{}', bytes - 1), Buffer.from([0xff])]),
  ],
  [
    'a stream that is not UTF-8 at its end',
    'POST',
    V3,
    'application/json',
    (bytes) => Buffer.concat([filled(bytes - 1, '\xc3\xa9 '), Buffer.from([0xff])]),
  ],
  ['a raw body of small values', 'POST', '/topics/orders', 'application/json', (bytes) => filled(bytes, '0', '[', ']', ',')],
  [
    'a stream for partitions that are not there',
    'POST',
    V3,
    'application/json',
    (bytes) => filled(Math.min(bytes, 360_000), (i) => `{"partition_id":${i}}`),
  ],
  [
    'records for many partitions that are not there',
    'POST',
    '/topics/orders',
    v2('json'),
    (bytes) => records((i) => `{"partition":${i}}`, Math.min(bytes, 820_000)),
  ],
  [
    'records for many missing partitions in JSON',
    'POST',
    '/pubsub',
    'application/json',
    (bytes) => inCommand((i) => `{"partition":${i}}`, Math.min(bytes, 820_000)),
  ],
  [
    'records for many missing partitions in protobuf',
    'POST',
    '/pubsub',
    PROTOBUF,
    (bytes) =>
      produced(
        filled(Math.min(bytes, 270_000), (i) =>
          i < 16_384
            ? String.fromCharCode(0x12, 3, 8, 128 + (i % 128), i >> 7)
            : String.fromCharCode(0x12, 4, 8, 128 + (i % 128), 128 + ((i >> 7) % 128), i >> 14),
        ),
      ),
  ],
  ['empty records in protobuf', 'POST', '/pubsub', PROTOBUF, (bytes) => produced(filled(bytes - 20, '\x12\x00'))],
  ['records with a value in protobuf', 'POST', '/pubsub', PROTOBUF, (bytes) => produced(filled(bytes - 20, '\x12\x02\x22\x00'))],
  [
    'records of missing partitions in protobuf',
    'POST',
    '/pubsub',
    PROTOBUF,
    (bytes) => produced(filled(Math.min(bytes, 180_000), '\x12\x02\x08\x07')),
  ],
  ['empty headers in protobuf', 'POST', '/pubsub', PROTOBUF, (bytes) => produced(field(2, filled(bytes - 40, '\x2a\x00')))],
  [
    'headers of many records in protobuf',
    'POST',
    '/pubsub',
    PROTOBUF,
    (bytes) => produced(filled(bytes - 40, '\x12\x0a\x2a\x00\x2a\x00\x2a\x00\x2a\x00\x2a\x00')),
  ],
  ['numbers in protobuf', 'POST', '/pubsub', PROTOBUF, (bytes) => filled(bytes, '\x08\x00')],
  ['long numbers in protobuf', 'POST', '/pubsub', PROTOBUF, (bytes) => filled(bytes, '\x08\xff\xff\xff\xff\xff\xff\xff\xff\x01')],
  [
    'unknown fields in protobuf',
    'POST',
    '/pubsub',
    PROTOBUF,
    (bytes) => filled(bytes, (i) => String.fromCharCode(128 + (i % 128), 128 + ((i >> 7) % 128), 4 + ((i >> 14) % 100), 0)),
  ],
  ['empty commands in protobuf', 'POST', '/pubsub', PROTOBUF, (bytes) => filled(bytes, '\xfa\x01\x00')],
  ['produce commands in protobuf', 'POST', '/pubsub', PROTOBUF, (bytes) => filled(bytes, '\xaa\x06\x00')],
  ['empty messages in protobuf', 'POST', '/pubsub', `${PROTOBUF}; encoding=delimited`, (bytes) => filled(bytes, '\0')],
  [
    'messages of records in protobuf',
    'POST',
    '/pubsub',
    `${PROTOBUF}; encoding=delimited`,
    (bytes) => {
      const part = produced(filled(Math.floor(bytes / 100) - 30, '\x12\x00'));
      const length = Buffer.from([
        (part.length % 128) + 128,
        (Math.floor(part.length / 128) % 128) + 128,
        Math.floor(part.length / 16_384),
      ]);
      return Buffer.concat(Array(100).fill(Buffer.concat([length, part])));
    },
  ],
  ['empty records in JSON', 'POST', '/pubsub', 'application/json', (bytes) => inCommand('{}', bytes)],
  ['records in JSON that are none', 'POST', '/pubsub', 'application/json', (bytes) => inCommand('[]', bytes)],
  [
    'records of missing partitions in JSON',
    'POST',
    '/pubsub',
    'application/json',
    (bytes) => inCommand('{"partition":7}', Math.min(bytes, 700_000)),
  ],
  [
    'headers in JSON',
    'POST',
    '/pubsub',
    'application/json',
    (bytes) => filled(bytes, '{"key":""}', '{"cmdKafkaProduce":{"topic":"orders","records":[{"headers":[', ']}]}}', ','),
  ],
  ['numbers in JSON', 'POST', '/pubsub', 'application/json', (bytes) => filled(bytes, '0', '[', ']', ',')],
  ['members in JSON', 'POST', '/pubsub', 'application/json', (bytes) => filled(bytes, (i) => `"${i}":0`, '{', '}', ',')],
  ['objects of one member in JSON', 'POST', '/pubsub', 'application/json', (bytes) => filled(bytes, (i) => `{"${i}":0}`, '[', ']', ',')],
  ['nesting in JSON', 'POST', '/pubsub', 'application/json', (bytes) => Buffer.from(`{"cmdPing":${'['.repeat(bytes - 20)}`)],
  [
    'a topic of v2 with settings',
    'POST',
    '/admin/topics',
    'application/json',
    (bytes) => filled(Math.min(bytes, 256 * 1024), (i) => `"${i}":0`, '{"topic_name":"a","configs":{', '}}', ','),
  ],
  [
    'a topic of v2 that is nested deep',
    'POST',
    '/admin/topics',
    'application/json',
    (bytes) => Buffer.from('['.repeat(Math.min(bytes, 256 * 1024))),
  ],
  [
    'a topic of v3 with assignments',
    'POST',
    '/v3/clusters/c-1/topics',
    'application/json',
    (bytes) => filled(Math.min(bytes, 256 * 1024), (i) => `"${i}":[0]`, '{"topic_name":"a","replicas_assignments":{', '}}', ','),
  ],
  [
    'a topic of v3 with settings',
    'POST',
    '/v3/clusters/c-1/topics',
    'application/json',
    (bytes) => filled(Math.min(bytes, 256 * 1024), (i) => `{"name":"${i}","value":"a"}`, '{"topic_name":"a","configs":[', ']}', ','),
  ],
  [
    'offsets of topics',
    'PUT',
    '/groups/g/offsets',
    'application/json',
    (bytes) => filled(Math.min(bytes, 256 * 1024), (i) => `{"topic":"t${i}","offset":"latest"}`, '{"offsets":[', ']}', ','),
  ],
  [
    'offsets of partitions',
    'PUT',
    '/groups/g/offsets',
    'application/json',
    (bytes) => filled(Math.min(bytes, 256 * 1024), (i) => `{"topic":"orders","partition":${i},"offset":0}`, '{"offsets":[', ']}', ','),
  ],
  [
    'offsets that are none',
    'PUT',
    '/groups/g/offsets',
    'application/json',
    (bytes) => filled(Math.min(bytes, 256 * 1024), '[]', '{"offsets":[', ']}', ','),
  ],
];

const none = Buffer.alloc(0);
const read = (name: string, path: string, query: string, headers: Record<string, string> = {}): CostlyRequest => ({
  name,
  method: 'GET',
  path,
  headers,
  query,
  body: () => none,
});

const LINE = 8000;
/** What fits into the request line and headers, which API Gateway limits to 10 KB. */
const lines: readonly CostlyRequest[] = [
  read('a query of many names', '/topics', filled(LINE, (i) => `${i}=`, '', '', '&').toString()),
  read('a query of one name', '/topics/orders/records', filled(LINE, 'filter=', '', '', '&').toString()),
  read('many escapes in a query', '/topics/orders/records', `topics-pattern=${'%61'.repeat(LINE / 3)}`),
  read('topics in a path', `/topics/${filled(LINE, (i) => `t${i}`, '', '', ',')}/records`, 'timeout=0'),
  read(
    'a cursor of many partitions',
    '/topics/orders/records',
    `cursor=${filled(LINE, (i) => `${i}#0`, 'orders@', '', ',')}`.replaceAll('#', '%23'),
  ),
  read('a cursor of many topics', '/topics/orders/records', `cursor=${filled(LINE, (i) => `t${i}@0%23`, '', '', ';')}`),
  read(
    'filters',
    '/topics/orders/records',
    Array(10)
      .fill(`filter=${'value.%23(a%3D%3D1)%23.'.repeat(30)}`)
      .join('&'),
  ),
  read('an Accept of many types', '/topics/orders/records', '', { accept: 'a/b;q=0.1,'.repeat(LINE / 10) }),
  read('an Accept of many parameters', '/topics/orders/records', '', { accept: `a/b${';'.repeat(LINE)}` }),
  read('an Accept of spaces', '/topics', '', { accept: `a/b;q=${' '.repeat(LINE)}x` }),
  {
    ...read('a media type of spaces', '/topics/orders', '', { 'content-type': `application/${' '.repeat(LINE)}x` }),
    method: 'POST',
    body: () => Buffer.from('{}'),
  },
  {
    ...read('a media type of dots', '/topics/orders', '', { 'content-type': `application/vnd.kafka${'.a'.repeat(LINE / 2)}` }),
    method: 'POST',
    body: () => Buffer.from('{}'),
  },
  {
    ...read('an encoding of spaces', '/pubsub', '', { 'content-type': `${PROTOBUF};${' '.repeat(LINE)}encoding${' '.repeat(LINE)}` }),
    method: 'POST',
    body: () => Buffer.from('\0'),
  },
];

/** Requests whose bodies have this many bytes after decompression; a kind that cannot has a few kilobytes on the wire. */
export const costlyRequests = (bytes: number): CostlyRequest[] => [
  ...kinds.map(([name, method, path, type, content]) => ({
    name,
    method,
    path,
    headers: { 'content-type': type, 'content-encoding': 'gzip' },
    query: '',
    body: () => gzipSync(content(bytes)),
  })),
  ...lines,
];
