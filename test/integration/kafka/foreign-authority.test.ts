import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificates } from '../../../infra/local/certificates.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { post } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { command } from '../../harness/pubsub/pubsub.ts';

const { foreignCa } = await certificates();
configure(sharedKafka('SSL'), { KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CA: foreignCa });

const refusal = { status: 502, code: 50201, message: /^The gateway and Kafka do not agree on TLS: ask the operator/ };

test('a broker whose certificate is not trusted is 502, and the log says why', async (t) => {
  const lines = captureLog(t);

  const answer = await call('GET', '/topics');

  assertRefused(answer, refusal);
  assert.match(JSON.stringify(lines), /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|signature/i);
});

test('nothing is produced to it', async (t) => {
  captureLog(t);

  const answer = await post('/topics/a', 'text', { records: [{ value: 'x' }] });

  assertRefused(answer, { ...refusal, message: /do not agree on TLS\. The records were not written: ask the operator/ });
});

test('a command for it fails, and the log says why', async (t) => {
  const lines = captureLog(t);

  const { errorResp } = await command({ cmdKafkaListOffset: { topic: 'a' } });

  assert.deepEqual([errorResp?.code, errorResp?.message], [-1, 'failed to list offset, topic: a, partition: 0, err: UNKNOWN_SERVER_ERROR']);
  assert.match(JSON.stringify(lines), /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|signature/i);
});
