import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../../functions/fetch-from-offset.ts';
import type { NewRecord } from '../../../../lib/kafka/record.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { inLog, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { fetchAnswer, keys, listOffsetsAnswer, readFetch, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { batchBytes, oldMessage, recordBytes } from '../../../harness/hostile/batches.ts';
import { gatewayWith } from '../gateway.ts';

const { kafkaHas, send } = gatewayWith(handler);
const PATH = '/topics/orders/partitions/0/records';
const keyed: NewRecord = { ...recordOf('{"a":1}', 5000), key: recordOf('"k"').value, headers: [{ key: 'h', value: Buffer.from([255]) }] };

/** Kafka with a partition that holds these records from offset 40 on. Collects what is asked. */
const holding = (...records: NewRecord[]) =>
  holdingBatch(records.length, records.length === 0 ? Buffer.alloc(0) : inLog(writeBatch(records), { baseOffset: 40 }));

/** The same, of a batch as it lies in the log. */
function holdingBatch(count: number, batches: Buffer) {
  const asked: ReturnType<typeof readFetch>[] = [];
  const highWatermark = 40 + count;
  kafkaHas({ topics: [topicOn('orders', 1)] }, ({ key, body }) => {
    if (key === keys.listOffsets) {
      const [{ timestamp }] = readListOffsets(body).partitions;
      return listOffsetsAnswer('orders', [{ partition: 0, offset: timestamp === -1 ? highWatermark : timestamp === -2 ? 40 : 41 }]);
    }
    assert.equal(key, keys.fetch);
    asked.push(readFetch(body));
    const within = asked.at(-1)?.offset ?? 0;
    const partitionError = within < 40 || within > highWatermark ? 1 : 0;
    return fetchAnswer({ topic: 'orders', partition: 0, partitionError, highWatermark, logStartOffset: 40, batches });
  });
  return asked;
}

test('records come in the format of Accept, binary by default', async (t) => {
  holding(keyed);
  const type = (format: string) => `application/vnd.kafka.${format}`;
  const accepts = [undefined, '*/*', type('v2+json'), type('binary.v2+json'), type('json.v2+json'), type('text.v2+json')];

  const answers = await Promise.all(
    accepts.map((accept) => send(t, 'GET', PATH, { query: 'offset=40', headers: accept === undefined ? {} : { accept } })),
  );

  const all = { topic: 'orders', partition: 0, offset: 40, timestamp: 5000, headers: [{ key: 'h', value: '/w==' }] };
  const binary = [{ ...all, key: 'Imsi', value: 'eyJhIjoxfQ==' }];
  assert.deepEqual(
    answers.map(({ status, headers, body }) => [status, headers['content-type'], body]),
    [
      [200, type('binary.v2+json'), binary],
      [200, type('binary.v2+json'), binary],
      [200, type('v2+json'), binary],
      [200, type('binary.v2+json'), binary],
      [200, type('json.v2+json'), [{ ...all, key: 'k', value: { a: 1 } }]],
      [200, type('text.v2+json'), [{ ...all, key: '"k"', value: '{"a":1}' }]],
    ],
  );
});

test('headers say where to go on; the link keeps what was asked but for the position', async (t) => {
  holding(recordOf('a'), recordOf('b'), recordOf('c'));

  const { headers, body } = await send(t, 'GET', PATH, {
    query: 'timestamp=5000&limit=1&timeout=0&foreign=1&constructor=1&__proto__=1&isolation=read_uncommitted',
  });

  assert.equal(body[0].offset, 41);
  assert.deepEqual([headers['kafka-next-offset'], headers['kafka-high-watermark'], headers['kafka-log-start-offset']], ['42', '43', '40']);
  assert.equal(headers.link, '<?offset=42&limit=1&timeout=0&isolation=read_uncommitted>; rel="next"');
});

test('the broker is asked as the client wishes', async (t) => {
  const asked = holding(recordOf('a'));

  await send(t, 'GET', PATH, { query: 'offset=earliest&timeout=0&max_bytes=5000&min_bytes=0&isolation=read_uncommitted' });
  await send(t, 'GET', PATH, { query: 'offset=40' });
  await send(t, 'GET', PATH, { query: 'offset=latest&max_bytes=999999999' });

  const of = (i: number) => [asked[i].offset, asked[i].minBytes, asked[i].isolation];
  assert.deepEqual([of(0), asked[0].waitMs, asked[0].maxBytes], [[40, 0, 0], 0, 5000]);
  assert.deepEqual([of(1), asked[1].maxBytes], [[40, 1, 1], 1024 * 1024]);
  assert.ok(asked[1].waitMs > 900 && asked[1].waitMs <= 1000);
  assert.equal(asked[2].offset, 41);
  assert.ok(asked[2].maxBytes < 6 * 1024 * 1024, 'no more than an answer can hold');
});

test('clients of v1 ask for messages by count, one unless they say so, and never wait', async (t) => {
  const asked = holding(recordOf('a'), recordOf('b'), recordOf('c'));
  const messages = '/topics/orders/partitions/0/messages';
  const headers = { accept: 'application/vnd.kafka.v1+json, application/vnd.kafka+json; q=0.9, application/json; q=0.8' };

  const one = await send(t, 'GET', messages, { query: 'offset=41', headers });
  const all = await send(t, 'GET', messages, { query: 'offset=40&count=9', headers });
  const none = await send(t, 'GET', messages, { query: 'offset=40&count=0', headers });

  assert.deepEqual([one.status, one.body.map(({ offset }: { offset: number }) => offset)], [200, [41]]);
  assert.deepEqual([all.status, all.body.length, all.headers.link], [200, 3, '<?offset=43&count=9>; rel="next"']);
  assert.deepEqual([none.status, none.body.error_code], [400, 400]);
  assert.deepEqual(
    asked.map(({ waitMs }) => waitMs),
    [0, 0],
  );
});

test('an empty poll is an empty list, and says where to go on', async (t) => {
  holding();

  const { status, headers, body } = await send(t, 'GET', PATH, { query: 'offset=latest' });

  assert.deepEqual([status, body, headers['kafka-next-offset']], [200, [], '40']);
});

test('keys come in a format of their own where that is asked for', async (t) => {
  holding(keyed);

  const { body, headers } = await send(t, 'GET', PATH, {
    query: 'offset=40&key-format=text',
    headers: { accept: 'application/vnd.kafka.json.v2+json' },
  });

  assert.deepEqual([body[0].key, body[0].value], ['"k"', { a: 1 }]);
  assert.equal(headers.link, '<?offset=41&key-format=text>; rel="next"');
});

test('the former name of the format of keys holds, and the link to the next page keeps it', async (t) => {
  holding(keyed);

  const { body, headers } = await send(t, 'GET', PATH, {
    query: 'offset=40&key_format=text',
    headers: { accept: 'application/vnd.kafka.json.v2+json' },
  });

  assert.equal(body[0].key, '"k"');
  assert.equal(headers.link, '<?offset=41&key_format=text>; rel="next"');
});

test('the header of a schema registry is cut off where that is asked for', async (t) => {
  holding(recordOf('\0\0\0\0\x07{"a":1}'));

  const { body } = await send(t, 'GET', PATH, {
    query: 'offset=40&strip-schema-header=true',
    headers: { accept: 'application/vnd.kafka.json.v2+json' },
  });

  assert.deepEqual(body[0].value, { a: 1 });
});

test('a record that is not of the format does not keep the others back', async (t) => {
  holding(recordOf('no JSON'), recordOf('7'));

  const { status, body } = await send(t, 'GET', PATH, { query: 'offset=40', headers: { accept: 'application/vnd.kafka.json.v2+json' } });

  assert.equal(status, 200);
  assert.deepEqual([body[0].value, body[0].raw_value, body[1].value], [null, Buffer.from('no JSON').toString('base64'), 7]);
});

test('a page ends before the record that would not fit into the answer; one that never will is stepped over by name', async (t) => {
  const half = 'x'.repeat(3_000_000);
  holding(recordOf(half), recordOf(half), recordOf('y'.repeat(7_000_000)));
  const headers = { accept: 'application/vnd.kafka.text.v2+json' };

  const first = await send(t, 'GET', PATH, { query: 'offset=40&max_bytes=100000000', headers });
  const third = await send(t, 'GET', PATH, { query: 'offset=42', headers });

  assert.deepEqual([first.body.length, first.headers['kafka-next-offset']], [2, '42']);
  assert.deepEqual([third.status, third.body.error_code], [413, 413]);
  assert.match(third.body.message, /offset 42 has 7000000 bytes.* offset=43/);
});

test('the way on behind a record that no answer holds is in the headers of the 413', async (t) => {
  holding(recordOf('y'.repeat(7_000_000)), recordOf('z'));

  const { status, headers } = await send(t, 'GET', PATH, { query: 'offset=40&limit=5' });

  assert.deepEqual([status, headers['kafka-next-offset'], headers.link], [413, '41', '<?offset=41&limit=5>; rel="next"']);
});

for (const [what, batch, status, next] of [
  ['whose bytes have changed', changed(inLog(writeBatch([recordOf('a'), recordOf('b')]), { baseOffset: 40 })), 500, '42'],
  ['of an unknown codec', inLog(writeBatch([recordOf('a'), recordOf('b')]), { baseOffset: 40, attributes: 7 }), 500, '42'],
  ['of a format before 0.11', Buffer.concat([oldMessage(40, 1, 'a'), oldMessage(41, 1, '')]), 500, '42'],
] as const) {
  test(`the way on behind a batch ${what} is in the headers of the error`, async (t) => {
    holdingBatch(2, batch);

    const answer = await send(t, 'GET', PATH, { query: 'offset=40&timeout=0' });

    assert.deepEqual(
      [answer.status, answer.headers['kafka-next-offset'], answer.headers.link],
      [status, next, `<?offset=${next}&timeout=0>; rel="next"`],
    );
    assert.match(answer.body.message, new RegExp(`continue with offset ${next}$`));
  });
}

function changed(batch: Buffer): Buffer {
  batch[batch.length - 3] ^= 1;
  return batch;
}

test('a time beyond what numbers hold is shown in all of its digits', async (t) => {
  const baseTime = 2n ** 63n - 1n;
  holdingBatch(1, await batchBytes({ baseOffset: 40, count: 1, records: recordBytes(0, { value: Buffer.from('1') }), baseTime }));

  const { text } = await send(t, 'GET', PATH, { query: 'offset=40' });

  assert.match(text, /"timestamp":9223372036854775807,/);
});

test('a page that grows too large for the answer in its format ends early, and goes on there', async (t) => {
  const quotes = '"'.repeat(1_000_000);
  holding(recordOf(quotes), recordOf(quotes));

  const { headers, body } = await send(t, 'GET', PATH, {
    query: 'offset=40&max_bytes=100000000',
    headers: { accept: 'application/vnd.kafka.text.v2+json' },
  });

  assert.deepEqual([body.length, headers['kafka-next-offset']], [1, '41']);
  assert.match(String(headers.link), /offset=41/);
});

const wrong = [
  '',
  'offset=1&timestamp=5000',
  'offset=-1',
  'offset=first',
  'timestamp=never',
  'offset=1&timeout=-1',
  'offset=1&max_bytes=0',
  'offset=1&limit=0',
  'offset=1&isolation=none',
  'offset=1&strip-schema-header=yes',
  'offset=1&key-format=xml',
  'offset=1&key_format=xml',
  'offset=1&offset=2',
];
for (const query of wrong) {
  test(`"?${query}" is refused`, async (t) => {
    kafkaHas({}, () => assert.fail('no request'));

    const { status, body } = await send(t, 'GET', PATH, { query });

    assert.deepEqual([status, body.error_code], [400, 400]);
  });
}

test('an offset outside the log is refused with the bounds', async (t) => {
  holding(recordOf('a'));

  const { status, body } = await send(t, 'GET', PATH, { query: 'offset=39' });

  assert.deepEqual([status, body.error_code], [400, 40002]);
  assert.match(body.message, /from 40 to 41, which is written next/);
});

test('a format with schemas is not offered', async (t) => {
  holding();

  assert.equal((await send(t, 'GET', PATH, { query: 'offset=40', headers: { accept: 'application/vnd.kafka.avro.v2+json' } })).status, 406);
});
