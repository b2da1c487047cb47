import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConsumer, newGroup, TestConsumer } from '../../harness/consumers/consumer-requests.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const long = 'x'.repeat(100_000);
const values: unknown[] = [null, true, 0, -1, 0.5, 2 ** 53, '', 'x', long, [], [null], [[]], {}, { '': 0 }, '\ud800'];

test('bodies of any shape are refused or taken, and never fail', async (t) => {
  const topic = await createTopic();
  const consumer = await createConsumer(t, newGroup());
  await consumer.subscribe([topic]);
  const place = { topic, partition: 0 };
  const bodies: [string, unknown][] = values.flatMap((value): [string, unknown][] => [
    ...(['/subscription', '/assignments', '/offsets', '/positions', '/positions/end'] as const).map((path): [string, unknown] => [
      path,
      value,
    ]),
    ['/subscription', { topics: value }],
    ['/subscription', { topics: [value] }],
    ['/subscription', { topic_pattern: value }],
    ['/assignments', { partitions: [{ topic: value, partition: value }] }],
    ['/offsets', { offsets: [{ ...place, offset: value }] }],
    ['/offsets', { offsets: [{ ...place, offset: 0, metadata: value }] }],
    ['/positions', { offsets: [{ ...place, offset: value }], timestamps: value }],
    ['/positions', { timestamps: [{ ...place, timestamp: value }] }],
    ['/positions/beginning', { partitions: [{ topic, partition: value }] }],
  ]);

  for (const [path, body] of bodies) {
    const { status, text } = await consumer.request('POST', path, body);
    assert.ok(status < 500, `${path} ${JSON.stringify(body)?.slice(0, 80)}: ${text}`);
  }
});

test('options of any kind are refused or taken, and never fail', async () => {
  const names = [
    'name',
    'format',
    'auto.offset.reset',
    'auto.commit.enable',
    'fetch.min.bytes',
    'consumer.request.timeout.ms',
    'isolation.level',
  ];
  for (const value of values) {
    for (const name of names) {
      const group = newGroup();
      const headers = { 'content-type': mediaTypes.generic };
      const { status, text } = await call('POST', `/consumers/${group}`, { headers, body: JSON.stringify({ [name]: value }) });
      assert.ok(status === 200 || status === 422, `${name} ${JSON.stringify(value)?.slice(0, 80)}: ${text}`);
      if (status === 200) await new TestConsumer(group, JSON.parse(text).instance_id).remove();
    }
  }
});

test('a poll_id is any text that is not empty, and that of another instance repeats nothing', async (t) => {
  const [topic, group] = [await createTopic({ partitions: 2 }), newGroup()];
  await produce(topic, 'text', [
    { value: 'a', partition: 0 },
    { value: 'b', partition: 1 },
  ]);
  const first = await createConsumer(t, group);
  await first.assign([{ topic, partition: 0 }]);
  const second = await createConsumer(t, group);
  await second.assign([{ topic, partition: 1 }]);

  for (const poll_id of ['1', '😀\u0000"\\', 'x'.repeat(4000)]) {
    await first.seek([{ topic, partition: 0, offset: 0 }]);
    assert.deepEqual([await first.values({ poll_id }), await first.values({ poll_id })], [['a'], ['a']]);
  }
  const own = await second.values({ poll_id: 'x'.repeat(4000) });
  const next = await second.poll({ poll_id: '2' });

  assert.deepEqual([own, next.json], [['b'], []]);
});

test('a hundred topics of long names are subscribed to', async (t) => {
  const consumer = await createConsumer(t, newGroup());
  const names = Array.from({ length: 100 }, (_, i) => `${'long-'.repeat(40)}${i}`);
  const topic = await createTopic({ partitions: 8 });

  const subscribed = await consumer.subscribe([topic, ...names]);
  const { json } = await consumer.request<{ topics: string[] }>('GET', '/subscription');

  assert.deepEqual([subscribed.status, json.topics.length], [204, 101]);
});

test('names in paths that no instance has are not found, or refused', async () => {
  for (const name of ['a'.repeat(20_000), '%00', '..', '~', 'a~e30']) {
    const answer = await new TestConsumer(newGroup(), name).poll();
    assert.ok([400, 404, 414].includes(answer.status), `${name.slice(0, 20)}: ${answer.text}`);
  }
  assertRefused(await new TestConsumer('__rest.a.b', 'c').poll(), { status: 400, code: 40002, message: /gateway's own/ });
});
