import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, type TestContext, test } from 'node:test';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, send } from '../harness/lambda/api-gateway.ts';
import { mainRequest, startGateway } from '../harness/lambda/deployed-function.ts';
import type { LambdaFunction, StartOptions } from '../harness/lambda/start-function.ts';
import { type ProxiedKafka, startProxiedKafka } from '../harness/proxy/proxied-kafka.ts';

const MINUTE = 60_000;

suite('the connections of a warm function', () => {
  let kafka: ProxiedKafka;

  before(async () => {
    kafka = await startProxiedKafka();
  });

  beforeEach(() => kafka.proxy.forwardTo(kafka.port));

  after(() => kafka.stop());

  async function startProduce(t: TestContext, options: StartOptions = {}) {
    const topic = await createTopic({ bootstrapServers: kafka.direct });
    const fn = await startGateway(t, 'produce', { env: { KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers }, ...options });
    const opened = kafka.proxy.connections();
    return { topic, fn, connections: () => kafka.proxy.connections() - opened };
  }

  const values = async (topic: string) => (await readTopic(topic, kafka.direct)).map(({ value }) => String(value));

  test('are used again by every invocation, frozen between them or not', async (t) => {
    const { topic, fn, connections } = await startProduce(t, { freezeWhenIdle: true });

    for (let i = 0; i < 20; i++) await produce(fn, topic, `value ${i}`);

    assert.equal(connections(), 1);
  });

  test('are replaced after a long freeze, by the wall clock', async (t) => {
    const { topic, fn, connections } = await startProduce(t, { freezeWhenIdle: true, instruments: ['clock'] });
    await produce(fn, topic, 'before');
    await fn.thaw({ after: MINUTE });
    await produce(fn, topic, 'after a minute');
    const afterShortFreeze = connections();

    await fn.thaw({ after: 10 * MINUTE });
    await produce(fn, topic, 'after ten minutes');

    assert.equal(afterShortFreeze, 1);
    assert.equal(connections(), 2);
    assert.deepEqual(await values(topic), ['before', 'after a minute', 'after ten minutes']);
  });

  test('are replaced within the request when they died unseen in a freeze; the record is written once', async (t) => {
    const { topic, fn, connections } = await startProduce(t, { freezeWhenIdle: true });
    await produce(fn, topic, 'before');

    kafka.proxy.loseOpen();
    await produce(fn, topic, 'after');

    assert.equal(connections(), 2);
    assert.deepEqual(await values(topic), ['before', 'after']);
  });

  test('are replaced within the request when its answer is lost; the record is written once', async (t) => {
    const { topic, fn, connections } = await startProduce(t);
    await produce(fn, topic, 'before');

    kafka.proxy.loseAnswers();
    await produce(fn, topic, 'after');

    assert.equal(connections(), 2);
    assert.deepEqual(await values(topic), ['before', 'after']);
  });

  test('are replaced within requests that read, too', async (t) => {
    const topic = await createTopic({ bootstrapServers: kafka.direct });
    const env = { KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers };
    const names = ['list-offsets', 'fetch-from-offset', 'topic-metadata'] as const;
    const functions = await Promise.all(names.map((name) => startGateway(t, name, { env, freezeWhenIdle: true })));
    const readAll = () => Promise.all(functions.map((fn, i) => send(fn, mainRequest(names[i], topic))));
    const before = await readAll();

    kafka.proxy.loseOpen();
    const after = await readAll();

    for (const response of after) assertOk(response);
    assert.deepEqual(
      after.map((response) => response.json()),
      before.map((response) => response.json()),
    );
  });

  test('are closed when the environment is shut down', async (t) => {
    const { topic, fn } = await startProduce(t, { freezeWhenIdle: true });
    await produce(fn, topic, 'value');

    await fn.shutdown();

    await kafka.proxy.endedBy('client');
  });
});

suite('a connection that the broker closes during a freeze', () => {
  let kafka: ProxiedKafka;

  before(async () => {
    kafka = await startProxiedKafka({ properties: { 'connections.max.idle.ms': '3000' } });
  });

  after(() => kafka.stop());

  test('is replaced by the next request; the record is written once', async (t) => {
    const topic = await createTopic({ bootstrapServers: kafka.direct });
    const fn = await startGateway(t, 'produce', { env: { KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers }, freezeWhenIdle: true });
    await produce(fn, topic, 'before');

    await kafka.proxy.endedBy('server');
    await produce(fn, topic, 'after');

    const records = await readTopic(topic, kafka.direct);
    assert.deepEqual(
      records.map(({ value }) => String(value)),
      ['before', 'after'],
    );
    assert.equal(kafka.proxy.connections(), 2);
  });
});

/** Writes a text, and fails unless it was acknowledged. */
async function produce(fn: LambdaFunction, topic: string, value: string): Promise<void> {
  const response = await send(fn, {
    route: 'POST /topics/{topic}',
    target: `/topics/${topic}`,
    headers: { 'content-type': 'application/vnd.kafka.text.v2+json' },
    body: JSON.stringify({ records: [{ value }] }),
  });
  assertOk(response);
  const { offsets } = response.json<{ offsets: { offset: number | null }[] }>();
  assert.notEqual(offsets[0].offset, null);
}
