import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const MIB = 1024 * 1024;
/** Half of it is there before the first request. */
const HEAP_MB = 130;
/** What Kafka is asked for one request, at most: who it is, where topics are, and a batch for each round of records. */
const MOST_ASKED = 10;

interface Cost {
  name: string;
  status: number;
  asked: number;
  answer: string;
}

/** Answers all costly requests in a process of their own, which ends when its heap is full. */
async function answerAll(bytes: number): Promise<Cost[]> {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, 'test/harness/costs/answer-costly-requests.ts', '--bytes', `${bytes}`],
    { env, maxBuffer: 10 * MIB },
  );
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('no request of a few kilobytes fills the heap, or asks Kafka more than a few times', async (t) => {
  const costs = await answerAll(6 * MIB);

  for (const { name, status, asked, answer } of costs) {
    await t.test(name, () => {
      assert.ok(status < 500, answer);
      assert.ok(asked <= MOST_ASKED, `Kafka was asked ${asked} times`);
    });
  }
  const tooLarge = costs.filter(({ status, answer }) => status === 413 || answer.includes('The request has more than'));
  assert.ok(tooLarge.length > 15, `${tooLarge.length} were too large`);
});
