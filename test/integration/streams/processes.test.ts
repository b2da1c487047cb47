import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../../infra/local/ports.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { keepOutput } from '../../harness/leaks/kept.ts';
import { openEvents } from '../../harness/streams/event-stream.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const users = '{"users":{},"api_keys":{}}';

/** Runs one of the package's scripts until the test ends, and waits until it is ready. */
async function start(t: TestContext, script: 'start' | 'serve', environment: Record<string, string>) {
  const [port] = await freePorts(1);
  const inherited = Object.entries(process.env).filter(([name]) => !/^(KAFKA|GATEWAY)_/.test(name));
  const child: ChildProcess = spawn('npm', ['run', script], {
    cwd: repository,
    env: {
      ...Object.fromEntries(inherited),
      ...{ HOST: '127.0.0.1', PORT: String(port), KAFKA_BOOTSTRAP_SERVERS: sharedKafka('PLAINTEXT'), ...environment },
    },
    detached: true,
  });
  const ended = once(child, 'exit');
  t.after(() => child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, 'SIGKILL'));
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      keepOutput(chunk.toString());
      if (chunk.includes('READY ')) ready.resolve();
    });
  }
  await Promise.race([ready.promise, ended.then(([code]) => assert.fail(`it ended with ${code}`))]);
  return { child, ended, url: `http://127.0.0.1:${port}` };
}

for (const script of ['start', 'serve'] as const) {
  test(`npm run ${script} streams at the port of all else`, async (t) => {
    const topic = await createTopic();
    const { url } = await start(t, script, { GATEWAY_AUTH: 'none' });

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
    const { url } = await start(t, script, { GATEWAY_AUTH: 'basic', GATEWAY_USERS: users });

    const { response } = await openEvents(`${url}/topics/${topic}/records`);
    response.resume();

    assert.equal(response.statusCode, 401);
  });
}

test('npm run serve tells streams to come back, and ends, after SIGTERM', async (t) => {
  const topic = await createTopic();
  const { child, ended, url } = await start(t, 'serve', { GATEWAY_AUTH: 'none' });
  const stream = await openEvents(`${url}/topics/${topic}/records`);
  await writeTopic(topic, [{ value: '1' }]);
  const { id } = await stream.nextOf('record');

  assert.ok(child.pid);
  process.kill(-child.pid, 'SIGTERM');
  const goaway = await stream.nextOf('goaway');
  const [code] = await ended;

  assert.deepEqual([JSON.parse(goaway.data).cursor, code], [id, 0]);
});
