import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { Table } from '../../../lib/aws/dynamodb.ts';
import { countsOf } from '../../../lib/limits/counts.ts';
import { Limiter } from '../../../lib/limits/limiter.ts';
import { parseRules } from '../../../lib/limits/parse-rules.ts';
import type { Use } from '../../../lib/limits/use.ts';
import { startTable, type TestTable } from '../../harness/aws/table.ts';
import { fixedWindow, leakyBucket, slidingWindow } from '../../harness/limits/model.ts';
import type { Race } from './limit-worker.ts';

const WORKERS = 4;
/** When races are: no window ends while one is run. */
const NOON = Date.UTC(2030, 0, 1, 12);
let dynamodb: TestTable;
let workers: ChildProcess[];

before(async () => {
  dynamodb = await startTable();
  Object.assign(process.env, dynamodb.environment);
  workers = Array.from({ length: WORKERS }, () => fork(join(import.meta.dirname, 'limit-worker.ts')));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
});
after(async () => {
  for (const worker of workers ?? []) worker.removeAllListeners('exit').kill();
  await dynamodb?.stop();
});

const use: Use = { operation: 'produce', principal: 'alice', sourceAddress: '', headers: {}, records: [{ topic: 'orders' }] };

/** Sends requests all at once from several processes. @returns how many were admitted */
async function race(rules: object[], requests: Race['requests']): Promise<number> {
  const answers = workers.map(async (worker, i) => {
    const share = requests.filter((_, place) => place % WORKERS === i);
    worker.send({ rules: JSON.stringify(rules), now: NOON, requests: share } satisfies Race);
    const ended = once(worker, 'exit').then((): never => assert.fail('a worker has ended'));
    const [admitted]: number[] = await Promise.race([once(worker, 'message'), ended]);
    return admitted;
  });
  return (await Promise.all(answers)).reduce((total, admitted) => total + admitted, 0);
}

const requestsOf = (principal: string, count: number, topicOf = (_: number) => 'orders'): Race['requests'] =>
  Array.from({ length: count }, (_, i) => ({ principal, topic: topicOf(i) }));

suite('200 requests at once, from four processes, against a limit of 50', () => {
  const kinds = [
    { kind: 'fixed-window', limit: 50, window: 86_400 },
    { kind: 'sliding-window', limit: 50, window: 3600 },
    { kind: 'leaky-bucket', rate: 0.001, burst: 50 },
    { kind: 'concurrency', limit: 50 },
  ];
  for (const rule of kinds) {
    test(`let 50 through a ${rule.kind}`, async () => {
      const admitted = await race([{ ...rule, key: 'principal' }], requestsOf(randomUUID(), 200));

      assert.equal(admitted, 50);
    });
  }

  test('let 50 through all kinds together', async () => {
    const admitted = await race(
      kinds.map((rule) => ({ ...rule, key: 'principal' })),
      requestsOf(randomUUID(), 200),
    );

    assert.equal(admitted, 50);
  });

  test('let 50 through rules of several keys, and the refused use up nothing', async () => {
    const principal = randomUUID();
    const rules = [
      { kind: 'fixed-window', key: 'principal', limit: 50, window: 86_400 },
      { kind: 'fixed-window', key: ['principal', 'topic'], limit: 40, window: 86_400 },
    ];

    const admitted = await race(
      rules,
      requestsOf(principal, 200, (i) => `topic-${i % 8 < 4 ? 0 : 1}`),
    );

    const limiter = new Limiter(parseRules(JSON.stringify(rules)), new Table(dynamodb.name), () => NOON);
    const last = await limiter.admit({ ...use, principal, records: [] }, NOON + 10_000);
    assert.equal(admitted, 50);
    assert.equal(last?.admitted, false);
    assert.equal(await usedByKey(40), 50);
  });

  test('let 50 of each through where half of them are of another principal', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const requests = requestsOf(one, 200).flatMap((request) => [request, { ...request, principal: other }]);

    const admitted = await race([{ kind: 'fixed-window', key: 'principal', limit: 50, window: 86_400 }], requests);

    assert.equal(admitted, 100);
  });
});

test('DynamoDB keeps the counts as the models have them, over two instances', async () => {
  const models = [fixedWindow(6, 2), slidingWindow(7, 1), leakyBucket(4, 5, 0.5)];
  const clock = { now: Date.UTC(2030, 0, 1) };
  for (const keys of [['all'], ['all', 'principal', 'topic']]) {
    const rules = models.map(({ rule }, i) => ({ ...rule, of: 'records', key: keys[i % keys.length], operations: ['produce'] }));
    const parsed = parseRules(JSON.stringify(rules));
    const limiters = [0, 1].map(() => new Limiter(parsed, new Table(dynamodb.name), () => clock.now));
    let refused = 0;
    for (let i = 0; i < 120; i++) {
      clock.now += (i * 7919) % 700;
      const cost = 1 + (i % 3);
      const expected = models.every((model) => model.admits(cost, clock.now));
      if (expected) for (const model of models) model.count(cost, clock.now);
      else refused += 1;

      const verdict = await limiters[i % 2].admit({ ...use, records: Array(cost).fill({ topic: 'orders' }) }, clock.now + 29_000);

      assert.equal(verdict?.admitted, expected, `request ${i}`);
    }
    assert.ok(refused > 10 && refused < 110, `${refused}`);
    // What is left of one is not a count of the other.
    clock.now += 3_600_000;
  }
});

test('neither keys nor principals nor values of headers are in the table', async () => {
  const secrets = { 'x-api-key': randomUUID(), 'x-tenant': randomUUID() };
  const principal = randomUUID();
  const rules = ['api-key', 'header:X-Tenant', 'principal'].map((key) => ({ kind: 'fixed-window', key, limit: 5, window: 60 }));
  const limiter = new Limiter(parseRules(JSON.stringify(rules)), new Table(dynamodb.name));

  const verdict = await limiter.admit({ ...use, principal, headers: secrets }, Date.now() + 10_000);

  assert.equal(verdict?.standing.remaining, 4);
  const { Items } = await dynamodb.client.send(new ScanCommand({ TableName: dynamodb.name }));
  const text = JSON.stringify(Items);
  for (const secret of [...Object.values(secrets), principal]) assert.equal(text.includes(secret), false);
});

/** The sum of all counts, in the table, of at most so many each: those of the topics, in a test that has the only ones of a day. */
async function usedByKey(limit: number): Promise<number> {
  const endOfDay = (NOON + 43_200_000).toString(36);
  const { Items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: dynamodb.name }));
  const [rule] = parseRules(JSON.stringify([{ kind: 'fixed-window', key: ['principal', 'topic'], limit, window: 86_400 }]));
  return Items.reduce((total, item) => total + (countsOf(item)[`${rule.id}.${endOfDay}`] ?? 0), 0);
}
