import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { openEvents } from '../../harness/streams/event-stream.ts';
import { startScript } from '../../harness/streams/gateway-script.ts';

const users = '{"users":{},"api_keys":{}}';

for (const script of ['start', 'serve'] as const) {
  test(`npm run ${script} streams at the port of all else`, async (t) => {
    const topic = await createTopic();
    const { url } = await startScript(t, script, { GATEWAY_AUTH: 'none' });

    const stream = await openEvents(`${url}/topics/${topic}/records`);
    await writeTopic(topic, [{ value: '1' }]);
    const first = await stream.nextOf('record');
    await writeTopic(topic, [{ value: '2' }]);
    const second = await stream.nextOf('record');
    stream.cut();
    const page = await fetch(`${url}/topics/${topic}/records?timeout=0`);

    assert.deepEqual(
      [first, second].map(({ data }) => JSON.parse(data).value),
      [1, 2],
    );
    const { items }: { items: unknown[] } = JSON.parse(await page.text());
    assert.equal(items.length, 2);
  });

  test(`npm run ${script} streams to nobody who is not known`, async (t) => {
    const topic = await createTopic();
    const { url } = await startScript(t, script, { GATEWAY_AUTH: 'basic', GATEWAY_USERS: users });

    const { response } = await openEvents(`${url}/topics/${topic}/records`);
    response.resume();

    assert.equal(response.statusCode, 401);
  });
}

test('npm run serve tells streams to come back, and ends, after SIGTERM', async (t) => {
  const topic = await createTopic();
  const { pid, ended, url } = await startScript(t, 'serve', { GATEWAY_AUTH: 'none' });
  const stream = await openEvents(`${url}/topics/${topic}/records`);
  await writeTopic(topic, [{ value: '1' }]);
  const { id } = await stream.nextOf('record');

  process.kill(-pid, 'SIGTERM');
  const goaway = await stream.nextOf('goaway');
  const [code] = await ended;

  assert.deepEqual([JSON.parse(goaway.data).cursor, code], [id, 0]);
});
