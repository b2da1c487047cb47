import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Answers } from '../../../../lib/kafka/connection/answers.ts';

function framed(correlationId: number, text: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + text.length);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

test('each request gets its own answer, in whatever order they come', async () => {
  const answers = new Answers();
  const first = answers.next(1, 'Fetch', 1000);
  const second = answers.next(2, 'Metadata', 1000);

  answers.take(Buffer.concat([framed(2, 'two'), framed(1, 'one')]));

  assert.deepEqual([String(await first), String(await second)], ['one', 'two']);
});

test('an answer that nobody waits for changes nothing', async () => {
  const answers = new Answers();
  const waiting = answers.next(1, 'Fetch', 1000);

  answers.take(Buffer.concat([framed(7, 'seven'), framed(1, 'one')]));

  assert.equal(String(await waiting), 'one');
});

test('a request without an answer in time fails, by its name, and others wait on', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const answers = new Answers();
  const hasty = answers.next(1, 'Fetch', 1000);
  const patient = answers.next(2, 'Metadata', 5000);

  t.mock.timers.tick(1200);

  await assert.rejects(hasty, { name: 'AnswerTimeout', message: 'the broker did not answer Fetch in time' });
  answers.take(framed(1, 'late'));
  answers.take(framed(2, 'two'));
  assert.equal(String(await patient), 'two');
});

test('an answer that comes slowly is waited for, until nothing comes any more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const answers = new Answers();
  const arriving = answers.next(1, 'Fetch', 1000);
  const cut = answers.next(2, 'Fetch', 1000);
  const bytes = framed(1, 'slow');

  for (const byte of bytes) {
    answers.take(Buffer.of(byte));
    t.mock.timers.tick(500);
  }
  answers.take(framed(2, 'never whole').subarray(0, 10));
  t.mock.timers.tick(1200);

  assert.equal(String(await arriving), 'slow');
  await assert.rejects(cut, { name: 'AnswerTimeout' });
});

test('an answer that comes slowly is late at the latest time that was given', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const answers = new Answers();
  const late = answers.next(1, 'Produce', 1000, Date.now() + 3000);

  for (const byte of framed(1, 'slow')) {
    answers.take(Buffer.of(byte));
    t.mock.timers.tick(500);
  }

  await assert.rejects(late, { name: 'AnswerTimeout' });
});

test('once what went out before a request is answered, a broker that says nothing more is silent for the time-out alone', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const answers = new Answers();
  const failures: string[] = [];
  const first = answers.next(1, 'Produce', 1000);
  answers.next(2, 'Produce', 1000, undefined, 20_000).catch(({ name }: Error) => failures.push(name));
  answers.next(3, 'Produce', 1000, undefined, 20_000).catch(({ name }: Error) => failures.push(name));
  t.mock.timers.tick(500);

  answers.take(framed(1, 'one'));
  await first;
  t.mock.timers.tick(900);
  await Promise.resolve();
  assert.deepEqual(failures, []);
  t.mock.timers.tick(300);
  await Promise.resolve();

  assert.deepEqual(failures, ['AnswerTimeout']);
});

test('an answer that never ends is late 30 s after its time-out, though bytes come', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const answers = new Answers();
  const failures: string[] = [];
  answers.next(1, 'Metadata', 1000).catch(({ name }: Error) => failures.push(name));
  answers.take(framed(1, 'x'.repeat(1000)).subarray(0, 8));
  const hearFor = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      answers.take(Buffer.of(0));
      t.mock.timers.tick(500);
    }
    await Promise.resolve();
  };

  await hearFor(30_500);
  assert.deepEqual(failures, []);
  await hearFor(1000);

  assert.deepEqual(failures, ['AnswerTimeout']);
});

test('time spent frozen counts: what is overdue fails at the next look', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const answers = new Answers();
  const waiting = answers.next(1, 'Produce', 60_000);

  t.mock.timers.setTime(900_000);
  t.mock.timers.tick(100);

  await assert.rejects(waiting, { name: 'AnswerTimeout' });
});

test('a lost connection fails all of its requests', async () => {
  const answers = new Answers();
  const waiting = [answers.next(1, 'Fetch', 1000), answers.next(2, 'Fetch', 1000)];

  answers.rejectAll(new Error('lost'));

  for (const result of await Promise.allSettled(waiting)) assert.equal(result.status === 'rejected' && result.reason.message, 'lost');
});
