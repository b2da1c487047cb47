import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { httpEvent } from '../../harness/events/http-event.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { openServerless } from '../../harness/lambda/serverless.ts';

test('a single function runs by itself', async (t) => {
  const topic = await createTopic();
  const framework = await openServerless();
  t.after(() => framework.close());
  const event = join(framework.folder, 'event.json');
  const authorizer = { iam: { userArn: 'arn:aws:iam::123456789012:user/example' } };
  await writeFile(event, JSON.stringify(httpEvent('GET', `/topics/${topic}`, { authorizer })));

  const output = await framework.run(['invoke', 'local', '-f', 'topic-metadata', '-p', event], { KAFKA_BOOTSTRAP_SERVERS: sharedKafka() });

  assert.match(output, /"statusCode": 200/);
});
