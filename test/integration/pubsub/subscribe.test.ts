import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { deleteRecordsBelow } from '../../harness/kafka/delete-records.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { createTopic, deleteTopic } from '../../harness/kafka/topics.ts';
import type { Subscriber } from '../../harness/pubsub/subscriber.ts';
import { until } from '../../harness/until.ts';
import { server, subscribe, subscriber } from './subscribers.ts';

const values = (one: Subscriber) => one.records().map(({ valueText }) => Number(valueText));
const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ value: String(from + i) }));
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** By our own producer: kafkajs writes records of several partitions twice where only one of them fails. */
async function spread(topic: string, partitions: number, from: number, to: number): Promise<void> {
  const records = numbers(from, to).map((value) => ({ value, partition: value % partitions }));
  const headers = { 'content-type': 'application/vnd.kafka.json.v2+json' };
  const { status } = await fetch(`${server.url}/topics/${topic}`, { method: 'POST', headers, body: JSON.stringify({ records }) });
  assert.equal(status, 200);
}

suite('a subscription', () => {
  test('is sent records as they are written, in their order', async () => {
    const topic = await createTopic();
    const one = await subscriber();

    const began = await one.command(subscribe(topic));
    for (let i = 0; i < 5; i++) await writeTopic(topic, numbered(i * 10, i * 10 + 10));
    await until(() => values(one).length === 50);

    assert.ok(began.kafkaSubscribeResp?.cursor);
    assert.deepEqual(values(one), numbers(0, 50));
    assert.ok(one.pushed.every(({ sequence }) => sequence === '1'));
  });

  test('is sent no more than it has credit for, and goes on where it stood', async () => {
    const topic = await createTopic();
    await writeTopic(topic, numbered(0, 25));
    const one = await subscriber();

    await one.command(subscribe(topic, { from: 'earliest', credit: 0 }));
    const given = await one.command({ sequence: 2, cmdKafkaCredit: { subscription: 1, credit: 10 } });
    await until(() => values(one).length >= 10);
    await writeTopic(topic, numbered(25, 30));
    // What is asked for after that is answered after it.
    await one.command({ sequence: 3, cmdKafkaFetch: { topic, offset: 29 } });
    const before = values(one);
    await one.command({ sequence: 4, cmdKafkaCredit: { subscription: 1, credit: 100 } });
    await until(() => values(one).length >= 30);

    assert.deepEqual(given.kafkaCreditResp, {});
    assert.deepEqual(before, numbers(0, 10));
    assert.deepEqual(values(one), numbers(0, 30));
    assert.equal(one.pushed.at(-1)?.kafkaPush?.credit, '80');
  });

  test('is gone on with exactly behind the cursor of any push', async () => {
    const topic = await createTopic({ partitions: 3 });
    const one = await subscriber();
    await one.command(subscribe(topic, { from: 'earliest', credit: 3 }));
    await spread(topic, 3, 0, 90);
    const seen: number[] = [];
    let current = one;
    while (seen.length < 90) {
      await until(() => current.records().length === 3);
      seen.push(...values(current));
      const cursor = current.cursor();
      current.close();
      current = await subscriber();
      await current.command(subscribe(topic, { cursor, credit: 3 }));
    }

    assert.deepEqual(
      seen.toSorted((a, b) => a - b),
      numbers(0, 90),
    );
    for (const partition of [0, 1, 2]) {
      const ofPartition = seen.filter((value) => value % 3 === partition);
      assert.deepEqual(
        ofPartition,
        ofPartition.toSorted((a, b) => a - b),
      );
    }
  });

  test('ends when it is told to, and its connection goes on', async () => {
    const [topic, other] = [await createTopic(), await createTopic()];
    const one = await subscriber();
    await one.command(subscribe(topic));
    await one.command({ ...subscribe(other), sequence: 2 });

    const ended = await one.command({ sequence: 3, cmdKafkaUnsubscribe: { subscription: 1 } });
    await writeTopic(topic, numbered(0, 5));
    await writeTopic(other, numbered(5, 10));
    await until(() => values(one).length === 5);
    const again = await one.command({ sequence: 4, cmdKafkaUnsubscribe: { subscription: 1 } });

    assert.deepEqual(ended.kafkaUnsubscribeResp, {});
    assert.deepEqual(values(one), numbers(5, 10));
    assert.match(again.errorResp?.detail ?? '', /no subscription with the sequence 1: subscribe with the cursor of the last push/);
  });

  test('with filters is sent what fits, and cursors behind the rest', async () => {
    const topic = await createTopic();
    const one = await subscriber();
    await writeTopic(topic, numbered(0, 20));

    await one.command(subscribe(topic, { from: 'earliest', filters: ['value>=5', 'value<8'] }));
    await until(() => values(one).length === 3);
    const two = await subscriber();
    await two.command(subscribe(topic, { cursor: one.cursor(), filters: ['value>=25'] }));
    await writeTopic(topic, numbered(20, 30));
    await until(() => values(two).length === 5);

    assert.deepEqual([...values(one), ...values(two)], [...numbers(5, 8), ...numbers(25, 30)]);
  });

  test('shares a tail with others, wherever each begins', async () => {
    const topic = await createTopic({ partitions: 2 });
    const write = (from: number, to: number) => spread(topic, 2, from, to);
    await write(0, 40);
    const [now, early, later] = [await subscriber(), await subscriber(), await subscriber()];

    await now.command(subscribe(topic));
    await early.command(subscribe(topic, { from: 'earliest' }));
    await write(40, 60);
    await until(() => early.records().length === 60 && now.records().length === 20);
    await later.command(subscribe(topic, { cursor: early.pushed[0].kafkaPush?.cursor }));
    await write(60, 80);
    await until(() => [now, early].every((one) => values(one).includes(79)) && early.records().length === 80);
    const behind = early.pushed.slice(1).flatMap(({ kafkaPush }) => kafkaPush?.records ?? []);
    await until(() => later.records().length >= behind.length);

    const sorted = (some: number[]) => some.toSorted((a, b) => a - b);
    assert.deepEqual(sorted(values(early)), numbers(0, 80));
    assert.deepEqual(sorted(values(now)), numbers(40, 80));
    assert.deepEqual(sorted(values(later)), sorted(behind.map(({ valueText }) => Number(valueText))));
  });

  test('shows bytes as they are, texts where they are asked for, and says how to fetch what no message can hold', async () => {
    const topic = await createTopic({ configs: { 'max.message.bytes': '2000000' } });
    const one = await subscriber();
    await writeTopic(topic, [
      { key: 'k', value: Buffer.from([0xff]) },
      { key: 'k', value: Buffer.alloc(120_000) },
      { value: null, headers: { h: 'v' } },
    ]);

    await one.command(subscribe(topic, { from: 'earliest' }));
    await until(() => one.records().length === 3);
    const [first, large, tombstone] = one.records().map(({ timestamp: _, ...record }) => record);
    const [, path] = /GET (\S+)/.exec(large.tooLarge ?? '') ?? [];
    const fetched = await fetch(`${server.url}${path}`, { headers: { accept: 'application/vnd.kafka.binary.v2+json' } });

    assert.deepEqual(first, { topic, key: 'aw==', value: '/w==' });
    assert.deepEqual(tombstone, { topic, offset: '2', headers: [{ key: 'h', value: 'dg==' }] });
    assert.deepEqual([large.key, large.value, large.offset], [undefined, undefined, '1']);
    const [record]: { value: string }[] = JSON.parse(await fetched.text());
    assert.equal(Buffer.from(record.value, 'base64').length, 120_000);
  });

  test('tells of what had expired before it could come', async () => {
    const topic = await createTopic();
    await writeTopic(topic, numbered(0, 10));
    const one = await subscriber();
    const { kafkaSubscribeResp } = await one.command(subscribe(topic, { from: 'earliest', credit: 0 }));
    await deleteRecordsBelow(topic, 4);

    await one.command({ sequence: 2, cmdKafkaSubscribe: { topics: [topic], cursor: kafkaSubscribeResp?.cursor, credit: 10 } });
    await until(() => one.records().length === 6);

    assert.deepEqual(one.pushed[0].kafkaPush?.gaps, [{ topic, to: '4' }]);
  });

  test('ends with an error, and the cursor to go on from, when its topic is deleted', async () => {
    const topic = await createTopic();
    const one = await subscriber();
    await one.command(subscribe(topic));
    await writeTopic(topic, numbered(0, 1));
    await until(() => one.records().length === 1);

    await deleteTopic(topic);
    await until(() => one.pushed.some(({ errorResp }) => errorResp !== undefined));

    const { sequence, errorResp } = one.pushed.at(-1) ?? {};
    assert.deepEqual([sequence, errorResp?.code, errorResp?.cursor], ['1', 3, one.cursor()]);
  });
});
