import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, send } from '../harness/lambda/api-gateway.ts';
import { harmlessFunctions, mainRequest, startGateway } from '../harness/lambda/deployed-function.ts';
import { type ProxiedKafka, startProxiedKafka } from '../harness/proxy/proxied-kafka.ts';

/** A function that does not look at its deadline is ended, which fails the test; one that is only slow on a busy machine is not. */
const TIMEOUT = { deadlineMs: 4000, graceMs: 4000 };

suite('a Kafka that does not answer', () => {
  let kafka: ProxiedKafka;
  let topic: string;

  before(async () => {
    kafka = await startProxiedKafka();
    topic = await createTopic({ bootstrapServers: kafka.direct });
  });

  beforeEach(() => kafka.proxy.forwardTo(kafka.port));

  after(() => kafka.stop());

  for (const state of ['cold', 'warm'] as const) {
    test(`makes every function, ${state}, answer 504 before the platform ends it`, async (t) => {
      const env = { KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers };
      const functions = await Promise.all(harmlessFunctions.map(async (name) => ({ name, fn: await startGateway(t, name, { env }) })));
      if (state === 'warm') await Promise.all(functions.map(async ({ name, fn }) => assertOk(await send(fn, mainRequest(name, topic)))));
      kafka.proxy.hold();

      const responses = await Promise.all(functions.map(({ name, fn }) => send(fn, mainRequest(name, topic), TIMEOUT)));

      for (const [i, response] of responses.entries()) {
        assert.equal(response.status, 504, harmlessFunctions[i]);
        assert.equal(response.json<{ error_code: number }>().error_code, 50401);
        assert.match(response.headers['retry-after'], /^\d+$/);
      }
    });
  }
});
