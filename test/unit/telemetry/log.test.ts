import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import fc from 'fast-check';
import { log, setLogLevel } from '../../../lib/telemetry/log.ts';
import { output } from '../../../lib/telemetry/output.ts';
import { captureLog } from '../../harness/events/http-event.ts';

afterEach(() => setLogLevel('info'));

test('an event is one line with its time, level, message and fields', (t) => {
  const lines = captureLog(t);

  log.warn('request', 'careful', { topic: 'orders', partition: 3, nothing: null, left: undefined });

  const [{ timestamp, ...rest }] = lines;
  assert.deepEqual(rest, { level: 'WARN', event: 'request', message: 'careful', topic: 'orders', partition: 3, nothing: null });
  assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('events below the level are left out', (t) => {
  const lines = captureLog(t);

  log.debug('request', 'not by default', () => ({}));
  setLogLevel('warn');
  log.info('request', 'not now');
  log.error('request', 'always');
  setLogLevel('debug');
  log.debug('request', 'now', () => ({}));

  assert.deepEqual(
    lines.map(({ message }) => message),
    ['always', 'now'],
  );
});

test('a field cannot take the place of the level, the event, the message or the time', (t) => {
  const lines = captureLog(t);

  log.info('request', 'true message', { event: 'connect', message: 'false', level: 'ERROR', timestamp: 'never' });

  assert.equal(lines[0].event, 'request');
  assert.equal(lines[0].message, 'true message');
  assert.equal(lines[0].level, 'INFO');
  assert.notEqual(lines[0].timestamp, 'never');
});

test('line breaks of any kind stay inside the line', (t) => {
  const written: string[] = [];
  t.mock.method(output, 'write', (line: string) => written.push(line));

  log.info('request', 'a\nb\r\nc\u2028d\u2029e', { 'key\n': 'value\n{"level":"ERROR"}' });

  t.mock.restoreAll();
  assert.equal(written.length, 1);
  assert.doesNotMatch(written[0].slice(0, -1), /[\n\r\u2028\u2029]/);
});

test('nothing in a line tells a terminal what to do, or a viewer to reorder it', (t) => {
  const written: string[] = [];
  t.mock.method(output, 'write', (line: string) => written.push(line));

  log.info('request', '\u001b[2J\u009b2J', { principal: 'alice\u0085\u007f\u202eecila\u2066\u061c', 'a\u0000b': 'Zoë' });

  t.mock.restoreAll();
  assert.match(written[0], /^[^\p{Cc}\p{Bidi_Control}\u2028\u2029]*\n$/u);
  assert.match(written[0], /Zoë/);
});

test('an error is shown with its code, stack and the chain of its causes', (t) => {
  const lines = captureLog(t);
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', errno: -111 });
  const protocol = Object.assign(new Error('leader not available', { cause: refused }), { type: 'LEADER_NOT_AVAILABLE', code: 5 });

  log.error('request', 'failed', { error: new TypeError('outer', { cause: protocol }) });

  const { error } = JSON.parse(JSON.stringify(lines[0]));
  assert.equal(error.name, 'TypeError');
  assert.match(error.stack, /log\.test\.ts/);
  assert.equal(error.cause.type, 'LEADER_NOT_AVAILABLE');
  assert.equal(error.cause.code, 5);
  assert.equal(error.cause.cause.code, 'ECONNREFUSED');
});

test('the errors of an AggregateError are shown', (t) => {
  const lines = captureLog(t);

  log.error('request', 'failed', { error: new AggregateError([new Error('v4'), new Error('v6')], 'both') });

  const { error } = JSON.parse(JSON.stringify(lines[0]));
  assert.deepEqual(
    error.errors.map(({ message }: { message: string }) => message),
    ['v4', 'v6'],
  );
});

test('a chain of causes that bites its tail ends', (t) => {
  const lines = captureLog(t);
  const error = new Error('tail');
  error.cause = new Error('head', { cause: error });

  log.error('request', 'failed', { error });

  assert.match(JSON.stringify(lines[0]), /\[circular\]/);
});

test('a long chain of causes is cut', (t) => {
  const lines = captureLog(t);
  let error = new Error('the first');
  for (let i = 0; i < 1000; i++) error = new Error(`over ${i}`, { cause: error });

  log.error('request', 'failed', { error });

  assert.match(JSON.stringify(lines[0]), /over 992.*\[too deep\]/);
  assert.doesNotMatch(JSON.stringify(lines[0]), /over 990/);
});

test('values that JSON has no word for are shown all the same', (t) => {
  const lines = captureLog(t);
  const cycle: Record<string, unknown> = { name: 'cycle' };
  cycle.self = cycle;

  log.info('request', 'odd', {
    offset: 2n ** 63n,
    symbol: Symbol('s'),
    call: log.info,
    set: new Set([1]),
    map: new Map([['a', 1]]),
    date: new Date(0),
    noDate: new Date(Number.NaN),
    cycle,
  });

  assert.equal(lines[0].offset, '9223372036854775808');
  assert.equal(lines[0].symbol, 'Symbol(s)');
  assert.equal(lines[0].call, '[function info]');
  assert.deepEqual(lines[0].set, [1]);
  assert.deepEqual(lines[0].map, { a: 1 });
  assert.equal(lines[0].date, '1970-01-01T00:00:00.000Z');
  assert.equal(lines[0].noDate, 'null');
  assert.deepEqual(lines[0].cycle, { name: 'cycle', self: '[circular]' });
});

test('the same object twice is no cycle', (t) => {
  const lines = captureLog(t);
  const broker = { id: 1 };

  log.info('request', 'twice', { leader: broker, replica: broker });

  assert.deepEqual(lines[0].replica, { id: 1 });
});

test('a getter that throws costs the fields and not the event', (t) => {
  const lines = captureLog(t);
  const trap = {
    get value() {
      throw new Error('trap');
    },
  };

  log.info('request', 'trapped', { trap });

  assert.equal(lines[0].message, 'trapped');
  assert.equal(lines[0].fields, '[unreadable]');
});

test('bytes are counted and not shown', (t) => {
  const lines = captureLog(t);

  log.info('request', 'bytes', { value: Buffer.from('a record'), array: new ArrayBuffer(4) });

  assert.equal(lines[0].value, '[8 bytes]');
  assert.equal(lines[0].array, '[4 bytes]');
});

test('an endless text is cut', (t) => {
  const lines = captureLog(t);

  log.info('request', 'long', { text: 'x'.repeat(1_000_000) });

  assert.ok(String(lines[0].text).length < 20_000);
});

test('secrets are not shown, however deep', (t) => {
  const lines = captureLog(t);
  const secret = 'hunter2';

  log.info('request', 'configured', {
    password: secret,
    ssl: { passphrase: secret, clientPrivateKey: secret },
    sasl: { mechanism: 'plain', username: 'u', password: secret },
    headers: [{ Authorization: secret }, { 'x-amz-security-token': secret }, { Cookie: secret }],
    clientSecret: secret,
    SecretString: secret,
    credentials: new Map([['a', secret]]),
    map: new Map([['api-token', secret]]),
    username: 'shown',
  });

  const text = JSON.stringify(lines[0]);
  assert.doesNotMatch(text, /hunter2/);
  assert.equal(lines[0].username, 'shown');
});

test('a field named __proto__ does no harm', (t) => {
  const lines = captureLog(t);

  log.info('request', 'proto', JSON.parse('{"__proto__":{"polluted":true},"deep":{"__proto__":{"polluted":true}}}'));

  assert.equal(lines.length, 1);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});

test('whatever is logged becomes one line of JSON', (t) => {
  const lines = captureLog(t);
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
  });

  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), anything), (message, fields) => {
      lines.length = 0;
      log.error('request', message, fields);
      return lines.length === 1;
    }),
  );
});

test('what a line of the level debug shows is made up only where that level is on, and may fail', (t) => {
  const lines = captureLog(t);
  const fields = t.mock.fn(() => ({ tries: 1 }));

  log.debug('retry', 'again', fields);
  assert.equal(fields.mock.callCount(), 0);
  setLogLevel('debug');
  log.debug('retry', 'again', fields);
  log.debug('retry', 'again', () => assert.fail());

  assert.deepEqual(
    lines.map(({ tries, fields: shown }) => [tries, shown]),
    [
      [1, undefined],
      [undefined, '[unreadable]'],
    ],
  );
});
