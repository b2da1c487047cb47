import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureLog } from '../../../harness/events/http-event.ts';
import { call, configure } from '../../../harness/http/gateway.ts';
import { assertRefused } from '../../../harness/http/refusal.ts';
import { fetchPage, mediaTypes, post } from '../../../harness/http/requests.ts';
import { sharedKafka } from '../../../harness/kafka/shared-kafka.ts';

configure(sharedKafka('SASL_PLAINTEXT'), { KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' });

const refusal = { status: 502, code: 50201, message: /^Kafka asks the gateway for credentials, and it has none: ask the operator/ };

for (const [what, send, mediaType] of [
  ['metadata', () => call('GET', '/topics'), mediaTypes.generic],
  ['offsets', () => call('GET', '/topics/a/offsets'), mediaTypes.generic],
  ['fetch', () => fetchPage('a', 'text', 'offset=0'), mediaTypes.text],
  ['ready', () => call('GET', '/health/ready'), mediaTypes.generic],
] as const) {
  test(`${what} without SASL where Kafka wants it is 502, and the log says which variable is wrong`, async (t) => {
    const lines = captureLog(t);

    const answer = await send();

    assertRefused(answer, { ...refusal, mediaType });
    assert.match(JSON.stringify(lines), /wants SASL: see KAFKA_SECURITY_PROTOCOL/);
  });
}

test('produce without SASL where Kafka wants it is 502, and says that nothing was written', async (t) => {
  captureLog(t);

  const answer = await post('/topics/a', 'text', { records: [{ value: 'x' }] });

  assertRefused(answer, {
    ...refusal,
    message: /^Kafka asks the gateway for credentials, and it has none\. The records were not written: ask the operator/,
  });
});
