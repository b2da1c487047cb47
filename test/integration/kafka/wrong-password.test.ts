import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { fetchPage, mediaTypes, post } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { type KafkaProxy, startKafkaProxy } from '../../harness/proxy/kafka-proxy.ts';

let proxy: KafkaProxy;

before(async () => {
  proxy = await startKafkaProxy(Number(sharedKafka('SASL_PLAINTEXT').split(':')[1]));
  configure(`127.0.0.1:${proxy.port}`, {
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'PLAIN',
    KAFKA_SASL_USERNAME: 'alice',
    KAFKA_SASL_PASSWORD: 'no-such-password',
  });
});
after(() => proxy.close());

const refusal = { status: 502, code: 50201, message: /^Kafka refuses the gateway's credentials: ask the operator/ };

for (const [what, send] of [
  ['metadata', () => call('GET', '/topics')],
  ['offsets', () => call('GET', '/topics/a/offsets')],
  ['fetch', () => fetchPage('a', 'text', 'offset=0')],
  ['ready', () => call('GET', '/health/ready')],
  ['create topic', () => call('POST', '/admin/topics', { headers: { 'content-type': 'application/json' }, body: '{"topic_name":"a"}' })],
] as const) {
  test(`${what} is 502 after one attempt, and the log says why`, async (t) => {
    const lines = captureLog(t);
    proxy.startCounting();

    const answer = await send();

    assertRefused(answer, { ...refusal, ...(what === 'fetch' && { mediaType: mediaTypes.text }) });
    assert.deepEqual([proxy.connections(), proxy.requests()], [1, ['ApiVersions', 'SaslHandshake', 'SaslAuthenticate']]);
    const [error] = lines.filter(({ level }) => level === 'ERROR');
    assert.match(JSON.stringify(error), /Authentication failed/);
    assert.doesNotMatch(JSON.stringify(lines), /no-such-password/);
  });
}

test('produce is 502 and says that the records were not written', async (t) => {
  captureLog(t);

  const answer = await post('/topics/a', 'text', { records: [{ value: 'x' }] });

  assertRefused(answer, {
    ...refusal,
    message: /^Kafka refuses the gateway's credentials\. The records were not written: ask the operator/,
  });
});
