import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { startGateway } from '../harness/lambda/deployed-function.ts';
import { restApiEvent, restApiOf } from '../harness/lambda/rest-api.ts';
import type { LambdaFunction } from '../harness/lambda/start-function.ts';
import { openEvents } from '../harness/streams/event-stream.ts';

const start = (t: TestContext): Promise<LambdaFunction> =>
  startGateway(t, 'stream-topics', { env: { KAFKA_BOOTSTRAP_SERVERS: sharedKafka(), GATEWAY_AUTH: 'none' } });

async function allOf(chunks: AsyncIterable<Buffer> = { async *[Symbol.asyncIterator]() {} }): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

suite('stream-topics, under the runtime client', () => {
  test('sends each record when it is written, goes on behind an id, and is there for the next reader', async (t) => {
    const topic = await createTopic();
    const fn = await start(t);
    const url = `${await restApiOf(t, fn)}/topics/${topic}/records`;

    const first = await openEvents(`${url}?limit=2`);
    const values: unknown[] = [];
    for (const value of ['"one"', '"two"']) {
      await writeTopic(topic, [{ value }]);
      values.push(JSON.parse((await first.nextOf('record')).data).value);
    }
    const end = await first.nextOf('end');
    await writeTopic(topic, [{ value: '"three"' }]);
    const next = await openEvents(`${url}?limit=1`, { 'last-event-id': end.id });
    values.push(JSON.parse((await next.nextOf('record')).data).value);

    assert.equal(first.response.headers['content-type'], 'text/event-stream');
    assert.equal(first.response.headers['cache-control'], 'no-store');
    assert.deepEqual(values, ['one', 'two', 'three']);
    assert.equal(await first.next(), null);
  });

  test('tells its client to come back before the function is out of time, and ends', async (t) => {
    const topic = await createTopic();
    const fn = await start(t);

    const { statusCode, chunks } = await fn.stream(
      restApiEvent('GET', `/topics/${topic}/records`, { headers: { accept: ['text/event-stream'] } }),
      // 10 s are kept for the way to the client.
      { deadlineMs: 11_000 },
    );
    const sent = await allOf(chunks);

    assert.equal(statusCode, 200);
    assert.match(sent, /event: goaway\ndata: \{"cursor":".+"\}\n\n$/);
  });

  test('answers what cannot be streamed as all else is answered', async (t) => {
    const fn = await start(t);

    const answers: [number, number][] = [];
    for (const method of ['GET', 'DELETE']) {
      const event = restApiEvent(method, '/topics/not-there/records', { headers: { accept: ['application/x-ndjson'] } });
      const { statusCode, chunks } = await fn.stream(event);
      answers.push([statusCode, JSON.parse(await allOf(chunks)).error_code]);
    }

    assert.deepEqual(answers, [
      [404, 40401],
      [405, 405],
    ]);
  });
});
