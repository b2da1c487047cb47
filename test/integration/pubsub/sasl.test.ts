import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { users } from '../../../infra/local/properties.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka, sharedKafkaCaFile } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { commands } from '../../harness/pubsub/pubsub.ts';

configure(sharedKafka('SASL_SSL'), {
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SASL_MECHANISM: 'PLAIN',
  KAFKA_SASL_USERNAME: 'alice',
  KAFKA_SASL_PASSWORD: users.alice,
  KAFKA_SSL_CA: await readFile(sharedKafkaCaFile(), 'utf8'),
});

test('commands are obeyed over TLS by a private authority, with a user and a password', async () => {
  const topic = await createTopic();

  const [, fetched, listed] = await commands([
    { cmdKafkaProduce: { topic, records: [{ value: 'dmFsdWU=' }] } },
    { cmdKafkaFetch: { topic } },
    { cmdKafkaListOffset: { topic, timestamp: -1 } },
  ]);

  assert.deepEqual([fetched.kafkaFetchResp?.messages?.[0].value, listed.kafkaListOffsetResp?.offset], ['dmFsdWU=', '1']);
});
