import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HTTP } from 'cloudevents';
import { type Header, whole } from '../../../../lib/kafka/record.ts';
import { messageOf } from '../../../../lib/push/attempt/delivery-body.ts';
import type { Definition } from '../../../../lib/push/subscription/subscription.ts';

const placed = (value: string | Buffer | null, key: string | Buffer | null = 'k', headers: Header[] | null = null) => {
  const slice = (content: string | Buffer | null) => (content === null ? null : whole(Buffer.from(content)));
  const record = { offset: 7, timestamp: 1_767_225_600_000, key: slice(key), value: slice(value), headers };
  return { topic: 'orders', partition: 1, offset: 7, record };
};
const forms = (format: Definition['format'], max = 1): Parameters<typeof messageOf>[1] => ({
  format,
  key_format: 'text',
  value_format: 'json',
  batch: { max, wait: 0 },
});
const header = (key: string, value: string | null): Header => ({ key, value: value === null ? null : Buffer.from(value) });

suite('a raw delivery', () => {
  test('is the bytes of the value, with the type and headers of the record', () => {
    const headers = [header('content-type', 'text/csv'), header('Trace', 'a b'), header('none', null), header('bad name', 'x')];

    const message = messageOf([placed(Buffer.from([0xff, 0x00]), 'ü%', headers)], forms('raw'));

    assert.deepEqual([...message.body], [0xff, 0x00]);
    assert.deepEqual(message.headers, {
      ...{ 'kafka-topic': 'orders', 'kafka-partition': '1', 'kafka-offset': '7', 'kafka-key': '%C3%BC%25' },
      ...{ 'content-type': 'text/csv', 'kafka-header-content-type': 'text/csv', 'kafka-header-trace': 'a%20b' },
    });
  });

  test('says of a tombstone that it is one', () => {
    const { body, headers } = messageOf([placed(null)], forms('raw'));

    assert.deepEqual([body.length, headers['kafka-tombstone']], [0, 'true']);
  });

  for (const [what, key] of [
    ['as it is', 'k'.repeat(4097)],
    ['as it is written there', Buffer.alloc(2000)],
  ] as const) {
    test(`says how long a key is that is too long for a header ${what}`, () => {
      const { headers } = messageOf([placed('x', key)], forms('raw'));

      assert.deepEqual([headers['kafka-key'], headers['kafka-key-bytes']], [undefined, String(key.length)]);
    });
  }

  test('has no line break in any header', () => {
    const { headers } = messageOf([placed('x', 'a\r\nb: c', [header('content-type', 'a\r\nb: c'), header('h', '\r\n')])], forms('raw'));

    for (const [name, value] of Object.entries(headers)) assert.doesNotMatch(`${name}${value}`, /[\r\n]/);
  });
});

suite('a JSON delivery', () => {
  test('is the item of a page', () => {
    const { body, headers } = messageOf([placed('{"n":1.50}')], forms('json'));

    assert.equal(
      String(body),
      '{"id":"orders@1#7","topic":"orders","partition":1,"offset":7,"timestamp":1767225600000,"key":"k","value":{"n":1.50},"headers":[]}',
    );
    assert.equal(headers['content-type'], 'application/json');
  });

  test('of several is their items, and says how many', () => {
    const { body, headers } = messageOf([placed('1'), { ...placed('2'), offset: 8 }], forms('json', 10));

    assert.deepEqual([JSON.parse(String(body)).items.length, headers['kafka-count']], [2, '2']);
  });
});

suite('a CloudEvent', () => {
  const eventOf = (
    value: string | Buffer | null,
    key: string | Buffer | null = 'k',
    headers: Header[] | null = null,
    format = forms('cloudevents'),
  ) => JSON.parse(String(messageOf([placed(value, key, headers)], format).body));

  test('has the attributes of the record, and its JSON as data', () => {
    assert.deepEqual(eventOf('{"n":1}'), {
      ...{ specversion: '1.0', id: 'orders-1-7', source: '/topics/orders', type: 'kafka.record', time: '2026-01-01T00:00:00.000Z' },
      ...{ partitionkey: 'k', datacontenttype: 'application/json', data: { n: 1 } },
    });
  });

  test('has what is no JSON as base64, and of a tombstone no data', () => {
    const bytes = eventOf('no JSON', null);

    assert.deepEqual(
      [bytes.data_base64, bytes.datacontenttype, bytes.partitionkey],
      ['bm8gSlNPTg==', 'application/octet-stream', undefined],
    );
    assert.deepEqual(
      Object.keys(eventOf(null)).filter((name) => name.startsWith('data')),
      [],
    );
  });

  test('is one of a batch where several may come', () => {
    const { body, headers } = messageOf([placed('1'), placed('2')], forms('cloudevents', 2));

    assert.deepEqual([JSON.parse(String(body)).length, headers['content-type']], [2, 'application/cloudevents-batch+json']);
  });

  test('has no time that RFC 3339 cannot write', () => {
    const inMicroseconds = placed('1');
    inMicroseconds.record.timestamp *= 1000;

    const { body } = messageOf([inMicroseconds], forms('cloudevents'));

    assert.equal(JSON.parse(String(body)).time, undefined);
    assert.doesNotThrow(() => HTTP.toEvent({ headers: { 'content-type': 'application/cloudevents+json' }, body: String(body) }));
  });

  test('has no partitionkey for an empty key, and one of base64 for a key with control characters', () => {
    const ofNumber = Buffer.from([0, 0, 0, 0, 0, 0, 0, 5]);

    assert.equal(Object.hasOwn(eventOf('1', ''), 'partitionkey'), false);
    assert.equal(eventOf('1', ofNumber).partitionkey, ofNumber.toString('base64'));
    assert.equal(eventOf('1', 'Zürich').partitionkey, 'Zürich');
  });

  for (const [what, valueFormat, type, value, expected] of [
    [
      'the type of the record where that is one of JSON',
      'json',
      'application/problem+json',
      '{"a":1}',
      ['application/problem+json', { a: 1 }],
    ],
    [
      'JSON where the record says so, though it is shown as text',
      'text',
      'application/json; charset=utf-8',
      '[1]',
      ['application/json; charset=utf-8', [1]],
    ],
    ['text where the record says JSON and has none', 'text', 'application/json', 'no JSON', ['text/plain', 'no JSON']],
    ['text of the type of the record', 'text', 'text/csv', '1,2', ['text/csv', '1,2']],
  ] as const) {
    test(`has as data ${what}`, () => {
      const event = eventOf(value, 'k', [header('content-type', type)], { ...forms('cloudevents'), value_format: valueFormat });

      assert.deepEqual([event.datacontenttype, event.data], expected);
    });
  }
});
