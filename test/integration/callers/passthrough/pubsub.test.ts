import assert from 'node:assert/strict';
import { test } from 'node:test';
import { users } from '../../../../infra/local/properties.ts';
import { basic, unauthorized } from '../../../harness/http/caller.ts';
import { call, configure } from '../../../harness/http/gateway.ts';
import { assertRefused } from '../../../harness/http/refusal.ts';
import { sharedKafka } from '../../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../../harness/kafka/topics.ts';
import { commands } from '../../../harness/pubsub/pubsub.ts';

configure(sharedKafka('SASL_PLAINTEXT'), {
  GATEWAY_AUTH: 'passthrough',
  KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  GATEWAY_PRINCIPAL_HEADER: 'kafka-principal',
});

test('commands are obeyed with the Kafka credentials of whoever sends them, and records say whose they were', async () => {
  const topic = await createTopic();

  const [, { kafkaFetchResp }] = await commands([{ cmdKafkaProduce: { topic, records: [{}] } }, { cmdKafkaFetch: { topic } }], {
    headers: basic('alice', users.alice),
  });

  assert.deepEqual(kafkaFetchResp?.messages?.[0].headers, [{ key: 'kafka-principal', value: Buffer.from('alice').toString('base64') }]);
});

test('a request with credentials that Kafka refuses is refused whole', async () => {
  const headers = { 'content-type': 'application/x-protobuf', ...basic('alice', 'wrong') };

  assertRefused(await call('POST', '/pubsub', { headers, body: '' }), unauthorized(/^Kafka refuses these credentials/));
});
