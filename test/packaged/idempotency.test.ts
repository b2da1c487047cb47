import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, before, beforeEach, type TestContext, test } from 'node:test';
import { startTable, type TestTable } from '../harness/aws/table.ts';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, type ClientResponse, type HttpRequest, send } from '../harness/lambda/api-gateway.ts';
import { openServerless, type Serverless } from '../harness/lambda/serverless.ts';
import { type LambdaFunction, startFunction } from '../harness/lambda/start-function.ts';
import { type ProxiedKafka, startProxiedKafka } from '../harness/proxy/proxied-kafka.ts';
import { until } from '../harness/until.ts';

const configuration = { GATEWAY_IDEMPOTENCY: '24h' };
let framework: Serverless;
let kafka: ProxiedKafka;
let table: TestTable;
let request: HttpRequest;
let topic: string;

before(async () => {
  framework = await openServerless([], ['produce']);
  [kafka, table] = await Promise.all([startProxiedKafka(), startTable(), framework.run(['package'], configuration)]);
});
after(async () => {
  await framework?.close();
  await kafka?.stop();
  await table?.stop();
});
beforeEach(async () => {
  kafka.proxy.forwardTo(kafka.port);
  topic = await createTopic({ bootstrapServers: kafka.direct });
  const headers = { 'content-type': 'text/plain', 'idempotency-key': randomUUID() };
  request = { route: 'POST /topics/{topic}', target: `/topics/${topic}`, headers, body: 'value' };
});

/** Another instance of the function produce, for the time of a test. */
async function startInstance(t: TestContext): Promise<LambdaFunction> {
  const fn = await startFunction(join(framework.folder, '.serverless/produce.zip'), {
    env: { ...configuration, ...table.environment, KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers },
    freezeWhenIdle: true,
    instruments: ['modules'],
  });
  t.after(() => fn.stop());
  return fn;
}

const written = async () => (await readTopic(topic, kafka.direct)).length;
const isReplayed = ({ headers }: ClientResponse) => headers['idempotency-replayed'] === 'true';

test('what one instance has answered, another answers again', async (t) => {
  const [one, other] = await Promise.all([startInstance(t), startInstance(t)]);

  const first = await send(one, request);
  const again = [await send(other, request), await send(one, request)];

  assertOk(first);
  for (const answer of again) assert.deepEqual([answer.body, isReplayed(answer)], [first.body, true]);
  assert.equal(await written(), 1);
});

test('of instances that are asked at the same time, one writes', async (t) => {
  const instances = await Promise.all(Array.from({ length: 4 }, () => startInstance(t)));

  const answers = await Promise.all(instances.map((fn) => send(fn, request)));

  for (const answer of answers) assertOk(answer);
  assert.equal(answers.filter(isReplayed).length, 3);
  assert.equal(new Set(answers.map(({ body }) => body.toString())).size, 1);
  assert.equal(await written(), 1);
});

test('what an instance leaves that ends while it writes, others do not write again', async (t) => {
  const [one, other] = await Promise.all([startInstance(t), startInstance(t)]);
  assertOk(await send(one, { ...request, headers: { ...request.headers, 'idempotency-key': randomUUID() } }));
  kafka.proxy.loseAnswers();
  const ended = assert.rejects(send(one, request, { deadlineMs: 4000 }));
  await until(async () => (await written()) === 2);
  await one.stop();
  await ended;

  const answer = await send(other, request, { deadlineMs: 15_000 });

  assert.equal(answer.status, 409);
  assert.equal(answer.json<{ error_code: number }>().error_code, 40906);
  assert.equal(await written(), 2);
});

test('the client of DynamoDB is loaded for the first request with a key', async (t) => {
  const fn = await startInstance(t);
  const { 'content-type': type } = { ...request.headers };

  assertOk(await send(fn, { ...request, headers: { 'content-type': type } }));
  await fn.thaw();
  const before = await fn.loadedModules();
  assertOk(await send(fn, request));
  await fn.thaw();

  assert.deepEqual([before, await fn.loadedModules()], [['functions/produce.js'], ['functions/produce.js', 'functions/dynamodb.cjs']]);
});
