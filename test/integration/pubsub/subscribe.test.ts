import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, suite, test } from 'node:test';
import { type GatewayServer, startServer } from '../../../infra/serve/gateway-server.ts';
import { configure } from '../../harness/http/gateway.ts';
import { deleteRecordsBelow } from '../../harness/kafka/delete-records.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, deleteTopic } from '../../harness/kafka/topics.ts';
import { openSubscriber, type Subscriber } from '../../harness/pubsub/subscriber.ts';
import { until } from '../../harness/until.ts';

configure(sharedKafka());

let server: GatewayServer;
let url: string;
const open: Subscriber[] = [];

before(async () => {
  server = await startServer({ port: 0, host: '127.0.0.1' });
  url = `ws://127.0.0.1:${server.port}/pubsub`;
});
after(async () => {
  for (const one of open) one.close();
  await server.close(1000);
});

async function subscriber(): Promise<Subscriber> {
  const one = await openSubscriber(url);
  open.push(one);
  return one;
}

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
const subscribe = (topic: string, others: object = {}) => ({
  sequence: 1,
  cmdKafkaSubscribe: { topics: [topic], credit: 1000, valueFormat: 'FORMAT_TEXT', ...others },
});

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

suite('a subscription is refused', () => {
  let topic: string;
  before(async () => {
    topic = await createTopic();
  });

  for (const [what, command, code, detail] of [
    ['of no topic', { topics: [] }, 42, /topics is empty/],
    ['of an unknown topic', { topics: ['nowhere'] }, 3, /nowhere/],
    ['of a topic twice', { topics: ['a', 'a'] }, 42, /a more than once/],
    ['with credit below 0', { credit: -1 }, 42, /credit must be a number from 0 to 1000000/],
    ['with credit without end', { credit: 1_000_001 }, 42, /credit must be/],
    ['with a filter that is none', { filters: ['headers'] }, 42, /filter/i],
    ['with a damaged cursor', { cursor: 'AAAA' }, 42, /cursor/],
    ['with a beginning that is none', { from: 'yesterday' }, 42, /from must be earliest or latest/],
    ['with a format that is none', { valueFormat: 7 }, 42, /value_format must be/],
    ['with an isolation that is none', { isolation: 7 }, 42, /isolation must be/],
  ] as const) {
    test(what, async () => {
      const one = await subscriber();

      const { errorResp } = await one.command(subscribe(topic, command));

      assert.equal(errorResp?.code, code, errorResp?.detail);
      assert.match(errorResp?.detail ?? '', detail);
    });
  }

  test('without a sequence of its own', async () => {
    const one = await subscriber();

    const none = await one.command({ ...subscribe(topic), sequence: 0 });
    await one.command(subscribe(topic));
    const taken = await one.command(subscribe(topic));

    assert.match(none.errorResp?.detail ?? '', /sequence of its command, which cannot be 0/);
    assert.match(taken.errorResp?.detail ?? '', /has a subscription with the sequence 1/);
  });

  test('when its connection has ten, however many are asked for', async () => {
    const one = await subscriber();

    const asked = Array.from({ length: 1000 }, (_, i) => one.command({ ...subscribe(topic, { credit: 0 }), sequence: i + 1 }));
    const answers = await Promise.all(asked);

    const refused = answers.flatMap(({ errorResp }) => errorResp ?? []);
    assert.equal(refused.length, 990);
    assert.ok(refused.every(({ detail }) => /The connection has 10 subscriptions, which is the most/.test(detail ?? '')));
    one.close();
  });

  test('over POST, which nothing can be pushed over', async () => {
    const response = await fetch(`${server.url}/pubsub`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(subscribe(topic)),
    });

    const { errorResp }: { errorResp: { detail: string } } = JSON.parse(await response.text());
    assert.match(errorResp.detail, /over a WebSocket only: send the command over the WebSocket \/pubsub/);
  });

  test('credit is refused that is none, or for no subscription', async () => {
    const one = await subscriber();
    await one.command(subscribe(topic));

    const details: string[] = [];
    for (const [subscription, credit] of [
      [1, 0],
      [1, -5],
      [1, 2 ** 31 - 1],
      [9, 5],
    ]) {
      const { errorResp } = await one.command({ sequence: 5, cmdKafkaCredit: { subscription, credit } });
      details.push(errorResp?.detail ?? '');
    }

    assert.match(
      details.join('|'),
      /^(credit must be a number from 1 to 1000000\|){3}The connection has no subscription with the sequence 9/,
    );
  });
});

suite('the WebSocket of a process', () => {
  test('is for pages of its own origin, and of those that CORS_ORIGINS names', async () => {
    const own = await openSubscriber(url, { origin: server.url });
    own.close();

    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      await assert.rejects(openSubscriber(url, { origin }), /the handshake was refused/);
    }
  });

  test('is at /pubsub and nowhere else', async () => {
    await assert.rejects(openSubscriber(`ws://127.0.0.1:${server.port}/other`), /the handshake was refused/);
  });

  test('takes no bytes, and no message that is larger than those of API Gateway', async () => {
    const codes: number[] = [];
    for (const message of [Buffer.from('{}'), 'a'.repeat(128 * 1024 + 1)]) {
      const socket = new WebSocket(url);
      await once(socket, 'open');
      socket.send(message);
      const [closed]: unknown[] = await once(socket, 'close');
      assert.ok(closed instanceof CloseEvent);
      codes.push(closed.code);
    }

    assert.deepEqual(codes, [1003, 1009]);
  });

  test('tells its clients to come back when the process ends', async () => {
    const ending = await startServer({ port: 0, host: '127.0.0.1' });
    const topic = await createTopic();
    const one = await openSubscriber(`ws://127.0.0.1:${ending.port}/pubsub`);
    await one.command(subscribe(topic));

    await ending.close(5000);

    assert.equal(await one.closed, 1001);
  });
});
