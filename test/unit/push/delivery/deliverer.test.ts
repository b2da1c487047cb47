import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetMetadataTooLarge, topicNotAuthorized } from '../../../../lib/messages/kafka.ts';
import { topicNotFound } from '../../../../lib/messages/topics.ts';
import { captureLog } from '../../../harness/events/http-event.ts';
import { endLease, log, notes, ok, run, sent, status, tally, values } from './deliveries.ts';

test('records are delivered, and the position passes them', async () => {
  log.add('a', '1');
  log.add('b', '2');

  assert.equal(await run(5000, () => ok), 'idle');

  assert.deepEqual(values().sort(), ['1', '2']);
  assert.equal(log.position, 2);
});

test('a position is not committed once the lease has ended, though it ended while something else was written down', async () => {
  log.add('a', 'a1');
  const { append } = log;
  log.append = (records) => {
    endLease();
    return append.call(log, records);
  };

  const end = await run(5000, () => status(500));

  assert.deepEqual([end, log.retried.length, log.position, log.retryPosition], ['lease', 1, 0, 0]);
});

test('nothing is delivered while Kafka refuses to store the position, and the owner is told why', async (t) => {
  captureLog(t);
  log.add('a', 'a1');
  const { commit } = log;
  log.commit = () => Promise.reject(offsetMetadataTooLarge());

  await assert.rejects(() => run(5000, () => ok), { message: /offset.metadata.max.bytes/ });
  assert.deepEqual(sent, []);
  assert.match(notes.lastError?.message ?? '', /^Kafka: .*offset.metadata.max.bytes/);
  log.commit = commit;
  await run(5000, () => ok);

  assert.deepEqual([values(), log.position], [['a1'], 1]);
});

test('a run ends when Kafka begins to refuse its position, not when it is away', async (t) => {
  captureLog(t);
  for (let i = 0; i < 20; i++) log.add('a', `a${i}`);
  const { commit } = log;
  const failures = [null, new Error('Kafka is away'), topicNotAuthorized()];
  log.commit = async (...parameters) => {
    const failure = failures.shift() ?? null;
    if (failure !== null) throw failure;
    return commit.apply(log, parameters);
  };

  await assert.rejects(() => run(60_000, () => ok, {}, 300), { name: 'Forbidden' });

  assert.ok(sent.length < 10, `${sent.length} were delivered`);
});

test('a run ends when the retry topic is gone, and goes on when a topic of the subscription is', async (t) => {
  captureLog(t);
  const { append, commit } = log;
  log.add('a', 'a1');
  log.append = () => Promise.reject(topicNotFound('push.hook.retry'));
  await assert.rejects(() => run(5000, () => status(500)), { name: 'TopicNotFound' });

  log.append = append;
  log.commit = () => Promise.reject(topicNotFound('orders'));
  await run(5000, () => ok);
  log.commit = commit;

  assert.deepEqual(values(), ['a1', 'a1']);
});

test('a partition that cannot be read on is a problem until it can', async (t) => {
  captureLog(t);
  log.add('a', 'a1');
  const { read } = log;
  log.read = async () => ({ readings: [], gaps: [], unreadable: { topic: 'orders', partition: 0, why: 'its batch has changed' } });

  await run(5000, () => ok);
  const { problem } = notes;
  log.read = read;
  await run(5000, () => ok);

  assert.deepEqual([problem, notes.problem], ['partition 0 of orders cannot be read on: its batch has changed', null]);
});

test('a partition that cannot be read on stays a problem while others are read, and is told of once', async (t) => {
  const lines = captureLog(t);
  const unreadable = { topic: 'orders', partition: 0, why: 'its batch has changed' };
  const page = { readings: [{ topic: 'orders', partition: 0, offset: 0, records: [] }], gaps: [], unreadable: null };
  let pages = 0;
  log.read = async () => (pages++ % 2 === 0 ? { readings: [], gaps: [], unreadable } : page);

  await run(1000, () => ok);
  await run(1000, () => ok);
  const { problem } = notes;
  await run(1000, () => ok);

  assert.equal(problem, 'partition 0 of orders cannot be read on: its batch has changed');
  assert.equal(lines.filter(({ event }) => event === 'subscription_stalled').length, 1);
});

test('records come in batches of one partition', async () => {
  for (let i = 0; i < 5; i++) log.add('a', `${i}`);

  await run(5000, () => ok, { format: 'json', batch: { max: 3, wait: 0 } });

  assert.deepEqual(
    sent.map(({ value }) => JSON.parse(value).items.map((item: { value: string }) => item.value)),
    [
      ['0', '1', '2'],
      ['3', '4'],
    ],
  );
});

test('what waits of a topic that was made anew since is delivered, besides what has its place now', async () => {
  log.add('a', 'old');
  await run(1000, () => status(500));
  log.makeAnew();
  log.add('a', 'new', 1_800_000_000_001);

  await run(60_000, () => ok);

  assert.deepEqual(values(), ['old', 'old', 'new']);
  assert.notEqual(sent[0].id, sent[2].id);
});

test('deliveries are counted, with what failed and what waits', async () => {
  log.add('a', 'a1');
  log.add('b', 'b1');
  log.add('c', 'c1');

  await run(1000, (value) => (value === 'a1' ? status(500) : value === 'c1' ? status(422) : ok), { dead_letter_topic: 'dead' });

  assert.deepEqual(
    { ...tally, waiting: [...tally.waiting] },
    { delivered: 1, failed: 2, deadLettered: 1, dropped: 0, waiting: [['hook', 1]] },
  );
});
