import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { logsEvent } from '../harness/events/logs-event.ts';
import { readTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { openServerless, type Serverless } from '../harness/lambda/serverless.ts';
import { startFunction } from '../harness/lambda/start-function.ts';

const MAX_ZIP_BYTES = 115_000;

let framework: Serverless;

before(async () => {
  framework = await openServerless([], ['push-logs']);
  await framework.run(['package'], { GATEWAY_LOG_TOPIC: 'logs', GATEWAY_LOG_GROUPS: 'access' });
});
after(() => framework?.close());

test('the zip that writes log entries to a topic is small, does so, and fails an invocation while Kafka is away', async (t) => {
  const zip = join(framework.folder, '.serverless/push-logs.zip');
  const topic = await createTopic();
  const start = async (KAFKA_BOOTSTRAP_SERVERS: string) => {
    const fn = await startFunction(zip, { env: { KAFKA_BOOTSTRAP_SERVERS, GATEWAY_LOG_TOPIC: topic } });
    t.after(() => fn.stop());
    return fn;
  };
  const event = logsEvent([{ id: 'event-1', timestamp: 1_800_000_000_000, message: 'entry' }]);
  const [fn, cutOff] = await Promise.all([start(sharedKafka()), start('127.0.0.1:9')]);

  await fn.invoke(event);
  await assert.rejects(cutOff.invoke(event, { deadlineMs: 5000 }), { errorType: 'KafkaUnavailable' });

  const [{ value }] = await readTopic(topic);
  assert.equal(String(value), 'entry');
  const { size } = await stat(zip);
  assert.ok(size <= MAX_ZIP_BYTES, `${size} bytes`);
});
