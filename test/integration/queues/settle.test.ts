import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { createQueue, LONG_MS, newQueue, type ReceiveAnswer, receive, receiveSome, settle, settleAll } from './queue-requests.ts';

configure(sharedKafka());

const noLongerHeld = { status: 409, code: 40907, message: /^The records are no longer held, as / };
const noReceipt = { status: 400, code: 400, message: /^receipts\[0\] is damaged, or of another queue or caller/ };
const as = (user: string) => ({ authorizer: { iam: { userArn: `arn:aws:iam::123456789012:user/${user}` } } });

/** A topic with so many records, and what was received of a queue of it. */
async function received(count: number, max = count, settings: object = {}): Promise<{ topic: string; queue: string } & ReceiveAnswer> {
  const [topic, queue] = [await createTopic(), await createQueue(settings)];
  await produce(
    topic,
    'json',
    Array.from({ length: count }, (_, n) => ({ value: n })),
  );
  return { topic, queue, ...(await receiveSome(queue, { topics: [topic], max })) };
}

const offsetsOf = ({ records }: ReceiveAnswer): number[] => records.map(({ offset }) => offset);

test('single records are settled each by its receipt, in any order and at the same time', async () => {
  const { topic, queue, records } = await received(4);
  const receipts = records.map(({ receipt }) => receipt);

  const [done, again] = await Promise.all([settle(queue, 'ack', [receipts[3], receipts[1]]), settle(queue, 'release', [receipts[2]])]);
  const rejected = await settle(queue, 'reject', [receipts[0]]);
  const after = await receiveSome(queue, { topics: [topic] });

  for (const { status, json, text } of [done, again, rejected]) {
    assert.equal(status, 200, text);
    for (const result of json.results) assert.deepEqual(result, { error_code: null });
  }
  assert.deepEqual(
    after.records.map(({ offset, deliveries }) => [offset, deliveries]),
    [[2, 2]],
  );
});

test('all of a receive is released, and comes again at once', async () => {
  const { topic, queue, receipt } = await received(3);

  await settleAll(queue, 'release', [receipt]);
  const after = await receiveSome(queue, { topics: [topic] });

  assert.deepEqual(
    after.records.map(({ offset, deliveries }) => [offset, deliveries]),
    [
      [0, 2],
      [1, 2],
      [2, 2],
    ],
  );
});

test('a receipt settles once', async () => {
  const { topic, queue, receipt } = await received(3, 2);
  // What is before it is not settled: Kafka would else say nothing against it.
  const rest = await receiveSome(queue, { topics: [topic] });
  await settleAll(queue, 'ack', [rest.receipt]);

  assertRefused(await settle(queue, 'release', [rest.receipt]), noLongerHeld);
  await settleAll(queue, 'ack', [receipt]);
});

suite('locks', () => {
  test('end: what is settled later is refused without asking Kafka, and comes again', async () => {
    const { topic, queue, receipt, records, locked_until: lockedUntil } = await received(1, 1, { lock_ms: 15_000 });
    // Between the end of the first lock and that of the second is time for the requests.
    await delay(5000);
    const renewed = await settleAll(queue, 'renew', [records[0].receipt]);
    await delay((lockedUntil ?? 0) - Date.now() + 1);

    const [late, lateOne] = [await settle(queue, 'ack', [receipt]), await settle(queue, 'ack', [records[0].receipt])];
    const meanwhile = await receive(queue, { topics: [topic], wait: 0 });
    const [{ receipt: newer = null, locked_until: newEnd = 0 }] = renewed.results;

    for (const answer of [late, lateOne]) assertRefused(answer, { ...noLongerHeld, message: /as their lock has ended/ });
    assert.deepEqual(meanwhile.json.records, []);
    assert.ok(newEnd > (lockedUntil ?? 0));
    await settleAll(queue, 'ack', [newer]);
  });

  test('that were renewed by the receipt of all hold all', async () => {
    const { queue, receipt } = await received(2);

    const { results } = await settleAll(queue, 'renew', [receipt]);
    const again = await settleAll(queue, 'renew', [results[0].receipt ?? null]);

    await settleAll(queue, 'ack', [again.results[0].receipt ?? null]);
    assertRefused(await settle(queue, 'ack', [receipt]), noLongerHeld);
  });
});

suite('receipts', () => {
  test('that are forged, or damaged, are none', async () => {
    const { queue, receipt } = await received(1);
    const text = String(receipt);
    const bytes = Buffer.from(text, 'base64url');
    bytes[20] ^= 1;

    for (const wrong of ['', 'AQ', text.slice(1), `${text}=`, `${text}AA`, bytes.toString('base64url'), text.toUpperCase()]) {
      assertRefused(await settle(queue, 'ack', [wrong]), noReceipt);
    }
    await settleAll(queue, 'ack', [receipt]);
  });

  test('are none of another queue', async () => {
    const { queue, receipt } = await received(1);

    assertRefused(await settle(newQueue(), 'ack', [receipt]), noReceipt);
    await settleAll(queue, 'ack', [receipt]);
  });

  test('are none of another caller, but of every session of a role', async () => {
    const [topic, queue] = [await createTopic(), await createQueue()];
    await produce(topic, 'json', [{ value: 1 }, { value: 2 }]);
    const session = (name: string) => ({ authorizer: { iam: { userArn: `arn:aws:sts::123456789012:assumed-role/worker/${name}` } } });

    const alices = await receive(queue, { topics: [topic], max: 1, wait: LONG_MS }, as('alice'));
    const workers = await receive(queue, { topics: [topic], max: 1, wait: LONG_MS }, session('one'));

    assertRefused(await settle(queue, 'ack', [alices.json.receipt], {}, as('bob')), noReceipt);
    assertRefused(await settle(queue, 'ack', [alices.json.receipt]), noReceipt);
    assert.equal((await settle(queue, 'ack', [alices.json.receipt], {}, as('alice'))).status, 200);
    assert.equal((await settle(queue, 'ack', [workers.json.receipt], {}, session('two'))).status, 200);
  });

  test('that overlap are refused, and nothing is settled', async () => {
    const { queue, receipt, records } = await received(2);
    const overlap = { status: 422, code: 422, message: /^receipts\[1\] is for a record that another receipt/ };

    assertRefused(await settle(queue, 'ack', [receipt, records[0].receipt]), overlap);
    assertRefused(await settle(queue, 'ack', [records[1].receipt, records[1].receipt]), overlap);
    await settleAll(queue, 'ack', [receipt]);
  });

  test('of all settle nothing after one of its records was settled, and the rest comes again', async () => {
    const { topic, queue, receipt, records } = await received(3);
    await settleAll(queue, 'ack', [records[1].receipt]);

    assertRefused(await settle(queue, 'ack', [receipt]), noLongerHeld);
    const after = await receiveSome(queue, { topics: [topic] });

    assert.deepEqual(offsetsOf(after), [0, 2]);
  });

  test('are answered one by one where only some are refused', async () => {
    const { topic, queue, records } = await received(2, 1);
    const rest = await receiveSome(queue, { topics: [topic] });
    await settleAll(queue, 'release', [rest.receipt]);

    const { status, json } = await settle(queue, 'ack', [rest.records[0].receipt, records[0].receipt]);

    assert.deepEqual([status, json.results.map(({ error_code: code }) => code)], [200, [40907, null]]);
  });
});

test('a body that is none is refused', async () => {
  const queue = await createQueue();

  const answers = [
    await settle(queue, 'ack', []),
    await settle(queue, 'ack', [null]),
    await settle(queue, 'ack', ['a'], { reason: 'why' }),
    await settle(
      queue,
      'ack',
      Array.from({ length: 1001 }, () => 'a'),
    ),
    await settle(queue, 'reject', ['a'], { reason: 1 }),
  ];

  assert.deepEqual(
    answers.map(({ status }) => status),
    [422, 422, 422, 413, 422],
  );
});
