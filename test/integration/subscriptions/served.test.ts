import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { startPush } from '../../harness/push/push-environment.ts';
import { serveAlone } from '../../harness/streams/gateway-script.ts';
import { until } from '../../harness/until.ts';

test('npm run serve delivers subscriptions', async (t) => {
  const push = await startPush();
  t.after(() => push.stop());
  const gateway = await serveAlone(t, { ...push.environment, GATEWAY_AUTH: 'none', GATEWAY_PUSH: 'continuous' });
  const topic = await createTopic();
  const send = (method: string, path: string, body?: object) =>
    fetch(gateway.url + path, { method, headers: { 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) });

  const made = await send('PUT', '/subscriptions/served', { topics: [topic], url: push.receiver.url, signing: { secret: push.signing } });
  const verified = await send('POST', '/subscriptions/served/verify');
  await writeTopic(topic, [{ key: 'k', value: 'pushed' }]);
  await until(() => push.receiver.received.length === 1);
  gateway.child.kill('SIGTERM');
  const [code] = await gateway.ended;

  assert.deepEqual([made.status, verified.status, code], [201, 200, 0]);
});
