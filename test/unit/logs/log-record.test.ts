import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Slice } from '../../../lib/kafka/record.ts';
import { type LogForm, logRecord } from '../../../lib/logs/log-record.ts';

const access = {
  ...{ time: '1800000000000', requestId: 'r-1', ip: '192.0.2.1', caller: '-', method: 'POST', path: '/topics/orders' },
  ...{ route: 'POST /topics/{topic}', status: '200', responseBytes: '52', latencyMs: '12', functionMs: '9', error: '-' },
};
const entry = { id: 'event-1', timestamp: 1_800_000_000_001, message: JSON.stringify(access) };
const batch = { group: 'access', stream: 's', entries: [] };

const textOf = (slice: Slice | null): string | null => (slice === null ? null : slice.bytes.toString('utf8', slice.start, slice.end));

function recordOf(form: Partial<LogForm>, message = entry.message, now = entry.timestamp + 1000) {
  const { key, value, headers, timestamp } = logRecord({ ...entry, message }, batch, { key: null, value: 'entry', ...form }, now);
  const named = Object.fromEntries((headers ?? []).map((one) => [one.key, String(one.value)]));
  return { key: textOf(key), value: textOf(value) ?? '', headers: named, timestamp };
}

suite('a record of an entry', () => {
  test('is the entry as it is, at its time, with the id by which duplicates are told', () => {
    assert.deepEqual(recordOf({}), {
      ...{ key: null, value: entry.message, timestamp: entry.timestamp },
      headers: { 'log-event-id': 'event-1', 'log-group': 'access', 'log-stream': 's', 'request-id': 'r-1' },
    });
  });

  test('is not of a time that is still to come', () => {
    assert.equal(recordOf({}, entry.message, entry.timestamp - 1000).timestamp, entry.timestamp - 1000);
  });

  test('has the key that is named, and none where there is nothing of that name', () => {
    const keys = ['$.ip', '$group', '$.nothing', 'constant'].map((key) => recordOf({ key }).key);

    assert.deepEqual(keys, ['192.0.2.1', 'access', null, 'constant']);
  });

  test('has the names of kafka-logger where they are asked for', () => {
    assert.deepEqual(JSON.parse(recordOf({ value: 'kafka-logger' }).value), {
      request: { method: 'POST', uri: '/topics/orders', id: 'r-1' },
      response: { status: 200, size: 52 },
      server: { hostname: 'access' },
      ...{ route_id: 'POST /topics/{topic}', service_id: '', consumer: { username: '' }, client_ip: '192.0.2.1' },
      ...{ start_time: 1_800_000_000_000, latency: 12, upstream_latency: 9, apisix_latency: 3 },
    });
  });

  test('of another log has its text under the names of kafka-logger', () => {
    const { value, headers } = recordOf({ value: 'kafka-logger' }, 'START RequestId');

    assert.deepEqual(JSON.parse(value), { message: 'START RequestId', start_time: entry.timestamp, server: { hostname: 'access' } });
    assert.equal(headers['request-id'], undefined);
  });

  test('is a template with what it names', () => {
    const template = { who: '$.ip', deep: { status: '$.status', list: ['$id', 1, null, true] }, env: 'prod', none: '$.a.b', at: '$time' };

    assert.deepEqual(JSON.parse(recordOf({ value: template }).value), {
      ...{ who: '192.0.2.1', deep: { status: '200', list: ['event-1', 1, null, true] }, env: 'prod', none: null, at: entry.timestamp },
    });
    assert.deepEqual(JSON.parse(recordOf({ value: { all: '$message', ip: '$.ip' } }, 'no JSON').value), { all: 'no JSON', ip: null });
  });
});
