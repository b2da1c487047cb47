import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePorts } from '../../../infra/local/ports.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { fetchPage, mediaTypes, post } from '../../harness/http/requests.ts';
import { command } from '../../harness/pubsub/pubsub.ts';

const [port] = await freePorts(1);
configure(`127.0.0.1:${port}`);

/** Half a second of it is kept back to answer. */
const remainingMs = 1500;
const json = { 'content-type': 'application/json' };

for (const [what, send, mediaType] of [
  ['metadata', () => call('GET', '/topics', { remainingMs }), mediaTypes.generic],
  ['ready', () => call('GET', '/health/ready', { remainingMs }), mediaTypes.generic],
  ['brokers', () => call('GET', '/brokers', { remainingMs }), mediaTypes.generic],
  ['offsets', () => call('GET', '/topics/a/offsets', { remainingMs }), mediaTypes.generic],
  ['fetch', () => fetchPage('a', 'text', 'offset=0', { remainingMs }), mediaTypes.text],
  ['create topic', () => call('POST', '/admin/topics', { headers: json, body: '{"topic_name":"a"}', remainingMs }), mediaTypes.generic],
] as const) {
  test(`${what} is 503 where no broker is, and the log says why`, async (t) => {
    const lines = captureLog(t);

    const answer = await send();

    assertRefused(answer, { status: 503, code: 50003, message: /^Kafka cannot be reached at the moment: try again$/, mediaType });
    assert.match(JSON.stringify(lines.filter(({ level }) => level === 'ERROR')), /ECONNREFUSED/);
  });
}

test('produce is 503 where no broker is, and says that nothing was written', async (t) => {
  captureLog(t);

  const answer = await post('/topics/a', 'text', { records: [{ value: 'x' }] }, { remainingMs });

  const message = /^Kafka cannot be reached at the moment\. The records were not written: try again$/;
  assertRefused(answer, { status: 503, code: 50003, message });
});

for (const [what, request, message] of [
  ['list offset', { cmdKafkaListOffset: { topic: 'a' } }, 'failed to list offset, topic: a, partition: 0, err: not found topic'],
  ['fetch', { cmdKafkaFetch: { topic: 'a' } }, 'failed to fetch message, topic: a, partition: 0, err: not found topic'],
  ['produce', { cmdKafkaProduce: { topic: 'a', records: [{}] } }, 'failed to produce message, topic: a, err: BROKER_NOT_AVAILABLE'],
] as const) {
  test(`the command ${what} is told what APISIX tells where no broker is, and with the code that it is worth another try`, async (t) => {
    const lines = captureLog(t);

    const { errorResp } = await command(request, { remainingMs });

    assert.deepEqual([errorResp?.code, errorResp?.message, errorResp?.retryAfterMs], [8, message, 1000]);
    assert.match(errorResp?.detail ?? '', /^Kafka cannot be reached at the moment(?:\. The records were not written)?: try again$/);
    assert.match(JSON.stringify(lines.filter(({ level }) => level === 'ERROR')), /ECONNREFUSED/);
  });
}

test('health is fine without Kafka', async () => {
  const answer = await call('GET', '/health');

  assert.deepEqual([answer.status, answer.json], [200, { status: 'ok' }]);
});
