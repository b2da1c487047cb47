import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { startTable, type TestTable } from '../../harness/aws/table.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure, type RequestParts } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';
import { startTcpProxy, type TcpProxy } from '../../harness/proxy/tcp-proxy.ts';

let kafka: ProxiedKafka;
let table: TestTable;
let way: TcpProxy;
let port: number;
let topic: string;
let key: string;

before(async () => {
  [kafka, table, way] = await Promise.all([startProxiedKafka(), startTable(), startTcpProxy()]);
  port = Number(new URL(table.environment.AWS_ENDPOINT_URL).port);
  configure(kafka.bootstrapServers, { ...table.environment, AWS_ENDPOINT_URL: `http://127.0.0.1:${way.port}`, GATEWAY_IDEMPOTENCY: '24h' });
});
after(async () => {
  await kafka?.stop();
  await way?.close();
  await table?.stop();
});
beforeEach(async () => {
  way.forwardTo(port);
  topic = await createTopic({ bootstrapServers: kafka.direct });
  key = randomUUID();
});

const post = ({ headers, ...parts }: RequestParts = {}) =>
  call('POST', `/topics/${topic}`, {
    body: 'value',
    headers: { 'content-type': 'text/plain', 'idempotency-key': key, ...headers },
    ...parts,
  });
const written = async () => (await readTopic(topic, kafka.direct)).length;
const unavailable = { status: 503, code: 50303, message: /cannot look up the Idempotency-Key now\. Nothing was written: try again$/ };

test('a DynamoDB that is silent: nothing is written, and it may be tried again', async (t) => {
  const log = captureLog(t);
  way.hold();

  const answer = await post({ remainingMs: 3000 });

  assertRefused(answer, unavailable);
  assert.match(JSON.stringify(log), /TimeoutError|AbortError/);
  way.forwardTo(port);
  assert.equal((await post()).status, 200);
  assert.equal(await written(), 1);
});

test('a connection to DynamoDB that died unseen is replaced', async () => {
  await post({ headers: { 'idempotency-key': randomUUID() } });
  way.loseOpen();

  const answer = await post();

  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['idempotency-replayed'], undefined);
});

test('an answer of DynamoDB that is lost does not make the request one that was made before', async () => {
  await post({ headers: { 'idempotency-key': randomUUID() } });
  way.loseAnswers();

  const answer = await post();

  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['idempotency-replayed'], undefined);
  assert.equal(await written(), 2);
});

test('a DynamoDB that falls silent behind the claim: the answer is given, and others never write again', async (t) => {
  const log = captureLog(t);
  const answered = kafka.proxy.holdAnswer('Produce');
  const first = post({ remainingMs: 3000 });
  const held = await answered;
  way.hold();
  await held.release();
  const answer = await first;
  way.forwardTo(port);

  // Time enough to find out that the connection is dead.
  const again = await post({ remainingMs: 3000 });

  assert.equal(answer.status, 200, answer.text);
  assert.ok(log.some(({ event }) => event === 'idempotency_outcome_lost'));
  assertRefused(again, { status: 409, code: 40905, message: /still in progress/ });
  assert.equal(await written(), 1);
});

test('a request without a key does not ask DynamoDB', async () => {
  way.hold();

  const answer = await call('POST', `/topics/${topic}`, { body: 'value', headers: { 'content-type': 'text/plain' } });

  assert.equal(answer.status, 200, answer.text);
});
