import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FunctionName } from '../../../infra/functions.ts';
import { httpEvent } from '../../harness/events/http-event.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { openServerless } from '../../harness/lambda/serverless.ts';

// Beside a function without variables of its own, those whose variables name resources of the stack.
const requests: [name: FunctionName, path: (topic: string) => string, status: number][] = [
  ['topic-metadata', (topic) => `/topics/${topic}`, 200],
  ['read-topics', (topic) => `/topics/${topic}/records`, 200],
  ['console', () => '/console', 200],
  ['queues', (topic) => `/queues/${topic}`, 404],
];

for (const [name, path, status] of requests) {
  test(`the function ${name} runs by itself, without an AWS account`, async (t) => {
    const topic = await createTopic();
    const framework = await openServerless();
    t.after(() => framework.close());
    const event = join(framework.folder, 'event.json');
    const authorizer = { iam: { userArn: 'arn:aws:iam::123456789012:user/example' } };
    await writeFile(event, JSON.stringify(httpEvent('GET', path(topic), { authorizer })));

    const output = await framework.run(['invoke', 'local', '-f', name, '-p', event], { KAFKA_BOOTSTRAP_SERVERS: sharedKafka() });

    assert.match(output, new RegExp(`"statusCode": ${status}`));
  });
}
