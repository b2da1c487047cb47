import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { captureLog } from '../../../harness/events/http-event.ts';
import { log, notes, ok, run, sent, status, values } from './deliveries.ts';

test('at most once, a record that fails is dropped and counted', async (t) => {
  const lines = captureLog(t);
  log.add('a', '1');

  await run(60_000, () => status(500), { delivery: 'at-most-once' });

  assert.deepEqual([sent.length, notes.dropped, log.position], [1, 1, 1]);
  assert.match(JSON.stringify(lines), /delivery_dropped/);
});

suite('at most once, no record is passed without a word', () => {
  const once = { delivery: 'at-most-once' } as const;

  test('while its endpoint asks for a pause', async (t) => {
    captureLog(t);
    for (let i = 0; i < 100; i++) log.add(`key ${i}`, `${i}`);

    await run(5000, () => status(503, { 'retry-after': '3600' }), once);

    assert.deepEqual([notes.dropped, log.position < 10], [log.position, true]);
  });

  test('while its endpoint is tried one record at a time', async (t) => {
    captureLog(t);
    for (let i = 0; i < 100; i++) log.add(`key ${i}`, `${i}`);

    await run(60_000, () => status(500), once);

    assert.deepEqual([notes.dropped, sent.length, log.position < 40], [log.position, log.position, true]);
  });

  test('at the end of a run', async (t) => {
    captureLog(t);
    for (let i = 0; i < 100; i++) log.add('same key', `${i}`);

    const end = await run(1000, () => ok, once, 400);

    assert.deepEqual([end, notes.delivered + notes.dropped, sent.length > 2], ['time', log.position, true]);
  });

  test('behind one whose endpoint is gone', async (t) => {
    captureLog(t);
    for (let i = 0; i < 100; i++) log.add('same key', `${i}`);

    const end = await run(5000, () => status(410), once);
    await run(60_000, () => ok, once);

    assert.deepEqual([end, notes.delivered + notes.dropped, new Set(values()).size], ['disabled', 100, sent.length]);
  });

  test('when its position is not committed at first', async (t) => {
    captureLog(t);
    for (let i = 0; i < 5; i++) log.add(`key ${i}`, `${i}`);
    const { commit } = log;
    let commits = 0;
    log.commit = async (...position) => {
      await commit.apply(log, position);
      if (++commits === 2) throw new Error('the answer was lost');
    };

    await run(1000, () => ok, once);
    const sentAtFirst = sent.length;
    await run(5000, () => ok, once);

    assert.deepEqual([sentAtFirst, values().sort(), log.position], [0, ['0', '1', '2', '3', '4'], 5]);
  });

  test('nor sent twice, when its endpoint is gone and comes again', async (t) => {
    captureLog(t);
    log.add('a', '1');
    log.add('b', '2');

    await run(5000, () => status(410), { ...once, dead_letter_topic: 'dead' });
    await run(60_000, () => ok, { ...once, dead_letter_topic: 'dead' });

    assert.deepEqual([new Set(values()).size, log.dead.length + notes.delivered + notes.dropped], [sent.length, 2]);
  });
});

test('at most once, nothing is delivered whose position cannot be committed', async (t) => {
  captureLog(t);
  log.add('a', '1');
  log.commit = () => Promise.reject(new Error('Kafka is away'));

  await run(1000, () => ok, { delivery: 'at-most-once' });

  assert.equal(sent.length, 0);
});
