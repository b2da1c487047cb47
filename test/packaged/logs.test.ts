import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { send } from '../harness/lambda/api-gateway.ts';
import { startGateway } from '../harness/lambda/deployed-function.ts';

const PRIVATE = 'private-text';

interface LogLine {
  event: string;
  requestId: string;
}

suite('the log of a function', () => {
  test('is one line of JSON a request, with its id, and holds nothing of the records', async (t) => {
    const topic = await createTopic();
    const fn = await startGateway(t, 'produce', { env: { KAFKA_BOOTSTRAP_SERVERS: sharedKafka() } });
    const record = { key: PRIVATE, value: PRIVATE, headers: [{ key: PRIVATE, value: Buffer.from(PRIVATE).toString('base64') }] };
    const bodies = [JSON.stringify({ records: [record] }), JSON.stringify({ records: [record, record] })];

    const ids: string[] = [];
    for (const body of bodies) {
      const headers = { 'content-type': 'application/vnd.kafka.json.v2+json' };
      const response = await send(fn, { route: 'POST /topics/{topic}', target: `/topics/${topic}`, headers, body });
      assert.equal(response.status, 200);
      ids.push(response.headers['x-request-id']);
    }
    await fn.stop();

    const lines = fn.logs.map((line): LogLine => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ event, requestId }) => ({ event, requestId })),
      ids.map((requestId) => ({ event: 'request', requestId })),
    );
    assert.ok(!fn.logs.join().includes(PRIVATE));
  });

  for (const body of [`{"records":[{"value":"${PRIVATE}`, `{"records":[{"value":${PRIVATE}}]}`, `${PRIVATE}`]) {
    test(`holds nothing of a body that is refused: ${body}`, async (t) => {
      const fn = await startGateway(t, 'produce', { env: { KAFKA_BOOTSTRAP_SERVERS: sharedKafka() } });
      const headers = { 'content-type': 'application/vnd.kafka.json.v2+json' };

      const response = await send(fn, { route: 'POST /topics/{topic}', target: '/topics/any', headers, body });
      await fn.stop();

      assert.equal(response.status, 400);
      assert.notEqual(fn.logs.length, 0);
      assert.ok(!fn.logs.join().includes(PRIVATE));
    });
  }

  test('tells of a refused password with the request id, and not the password', async (t) => {
    const password = randomUUID();
    const env = {
      KAFKA_BOOTSTRAP_SERVERS: sharedKafka('SASL_PLAINTEXT'),
      KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      KAFKA_SASL_MECHANISM: 'PLAIN',
      KAFKA_SASL_USERNAME: 'alice',
      KAFKA_SASL_PASSWORD: password,
    };
    const fn = await startGateway(t, 'topic-metadata', { env });

    const response = await send(fn, { route: 'GET /brokers', target: '/brokers' });
    await fn.stop();

    assert.equal(response.status, 502);
    const lines = fn.logs.map((line): LogLine & { level: string } => JSON.parse(line));
    assert.ok(lines.some(({ level, requestId }) => level === 'ERROR' && requestId === response.headers['x-request-id']));
    assert.ok(!fn.logs.join().includes(password));
    assert.ok(!response.body.includes(password));
  });
});
