import assert from 'node:assert/strict';
import { test } from 'node:test';
import { users } from '../../../infra/local/properties.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

test('with GATEWAY_LOG_LEVEL=debug the log has what a request did in Kafka, and neither secrets nor records', async (t) => {
  const topic = await createTopic();
  t.mock.property(process, 'env', {
    ...process.env,
    GATEWAY_LOG_LEVEL: 'debug',
    KAFKA_BOOTSTRAP_SERVERS: sharedKafka('SASL_PLAINTEXT'),
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    KAFKA_SASL_USERNAME: 'alice',
    KAFKA_SASL_PASSWORD: users.alice,
  });
  // Not before, as the level is read when a function starts.
  const { handler } = await import('../../../functions/produce.ts');
  const { closeClusters } = await import('../../../lib/clusters/warm-clusters.ts');
  t.after(closeClusters);
  const lines = captureLog(t);
  const headers = { 'content-type': 'application/vnd.kafka.text.v2+json' };
  const body = JSON.stringify({ records: [{ value: 'what the record holds' }] });

  const { statusCode } = await handler(httpEvent('POST', `/topics/${topic}`, { headers, body }), lambdaContext());

  assert.equal(statusCode, 200);
  const [opened] = lines.filter(({ event }) => event === 'connection_opened');
  const [refreshed] = lines.filter(({ event }) => event === 'metadata_refreshed');
  const [obtained] = lines.filter(({ event }) => event === 'producer_id_obtained');
  assert.deepEqual([opened.level, opened.broker, opened.mechanism], ['DEBUG', sharedKafka('SASL_PLAINTEXT'), 'scram-sha-512']);
  assert.deepEqual([refreshed.reason, refreshed.topics], ['a topic is not known', [topic]]);
  assert.match(String(obtained.producerId), /^\d+$/);
  for (const secret of [users.alice, 'what the record holds']) assert.ok(!JSON.stringify(lines).includes(secret), secret);
});
