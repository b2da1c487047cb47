import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import winston from 'winston';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { gateway } from './gateway.ts';

// npm's winston, a logger: its HTTP transport sends each message as JSON to any URL. Here it is that of a topic.

test('messages of a log become records', async () => {
  const topic = await createTopic();
  const { hostname: host, port } = new URL(gateway());
  const transport = new winston.transports.Http({ host, port: Number(port), path: `topics/${topic}` });
  const log = winston.createLogger({ transports: [transport] });

  for (const message of ['paid', 'Grüße']) {
    const logged = once(transport, 'logged');
    log.info(message, { order: 'o-17' });
    await logged;
  }
  const records = await readTopic(topic);

  assert.deepEqual(
    records.map(({ value }) => JSON.parse(String(value))),
    ['paid', 'Grüße'].map((message) => ({ level: 'info', message, order: 'o-17' })),
  );
});
