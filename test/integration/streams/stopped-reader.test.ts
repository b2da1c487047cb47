import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createTopic, kafkaClient } from '../../harness/kafka/topics.ts';
import { memoryOf } from '../../harness/lambda/process-memory.ts';
import { openEvents } from '../../harness/streams/event-stream.ts';
import { serveAlone } from '../../harness/streams/gateway-script.ts';

const MIB = 1024 * 1024;
const RECORDS = 125;
const RECORD_BYTES = 800 * 1024;

/** Writes a hundred megabytes. */
async function fill(topic: string): Promise<void> {
  const producer = kafkaClient().producer();
  await producer.connect();
  try {
    const value = Buffer.alloc(RECORD_BYTES, 'x');
    for (let n = 0; n < RECORDS; n++) await producer.send({ topic, messages: [{ value }] });
  } finally {
    await producer.disconnect();
  }
}

async function readAll(url: string): Promise<void> {
  const { response } = await openEvents(url);
  response.resume();
  await once(response, 'end');
}

test('a reader that has stopped, with a hundred megabytes behind it, takes little memory', async (t) => {
  const topic = await createTopic();
  await fill(topic);
  const { url, pid } = await serveAlone(t, { GATEWAY_AUTH: 'none' });
  const path = `/topics/${topic}/records?from=earliest&format=text&limit=${RECORDS}`;
  await readAll(`${url}${path}`);
  const before = await memoryOf(pid);

  const stopped = connect(Number(new URL(url).port), '127.0.0.1');
  t.after(() => stopped.destroy());
  stopped.write(`GET ${path} HTTP/1.1\r\nHost: gateway\r\nAccept: text/event-stream\r\n\r\n`);
  stopped.once('data', () => stopped.pause());
  // By the time that another has read all of it, the gateway has sent the stopped one what it would.
  await readAll(`${url}${path}`);

  const more = (await memoryOf(pid)).peak - before.peak;
  t.diagnostic(`${Math.round(more / MIB)} MB more`);
  assert.ok(more <= 64 * MIB, `${Math.round(more / MIB)} MB more`);
});
