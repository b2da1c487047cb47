import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { freePorts } from '../../infra/local/ports.ts';
import { packageWeb } from '../../infra/web/package.ts';
import { writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { filesOf, unpack } from '../harness/lambda/function-zip.ts';
import { openEvents } from '../harness/streams/event-stream.ts';

test('the zip of a web function serves where it is told to, streams as well, and ends in order', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'web-'));
  t.after(() => rm(folder, { recursive: true }));
  await unpack(await filesOf(await packageWeb(join(folder, 'built'))), join(folder, 'unpacked'));
  const [port] = await freePorts(1);
  const topic = await createTopic();

  const gateway = spawn(process.execPath, ['index.js'], {
    cwd: join(folder, 'unpacked'),
    env: { GATEWAY_AUTH: 'none', KAFKA_BOOTSTRAP_SERVERS: sharedKafka(), AWS_LAMBDA_HTTP_ENDPOINT: `127.0.0.1:${port}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => gateway.kill('SIGKILL'));
  const ended = once(gateway, 'exit');
  const lines = createInterface({ input: gateway.stdout })[Symbol.asyncIterator]();
  const { value: ready } = await lines.next();
  const stream = await openEvents(`http://127.0.0.1:${port}/topics/${topic}/records`);
  await writeTopic(topic, [{ value: '7' }]);
  const record = await stream.nextOf('record');
  const page = await fetch(`http://127.0.0.1:${port}/topics/${topic}/records?timeout=0`);
  await page.body?.cancel();
  gateway.kill('SIGTERM');
  await stream.nextOf('goaway');
  const [code] = await ended;

  assert.equal(ready, `READY http://127.0.0.1:${port}`);
  assert.deepEqual([JSON.parse(record.data).value, page.status, code], [7, 200, 0]);
});
