import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { answerTo, HOST, upload } from '../../harness/http/raw-requests.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

test('npm run serve gives no answer to a request that is not its own', { timeout: 20_000 }, async (t) => {
  const topic = await createTopic();
  const poll = `GET /topics/${topic}/partitions/0/records?offset=latest&timeout=1500 HTTP/1.1\r\n${HOST}\r\n`;

  assert.equal(await answerTo(t, [poll, 'hello\r\n\r\n']), '');
});

test('npm run serve takes a request with an expectation that it does not know', async (t) => {
  const topic = await createTopic();

  const answer = await answerTo(t, [upload(topic, 'Expect: haste\r\nContent-Length: 3\r\nConnection: close'), 'abc']);

  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.deepEqual(
    (await readTopic(topic)).map(({ value }) => String(value)),
    ['abc'],
  );
});

test('npm run serve does what a client asks without waiting for answers in its order', async (t) => {
  const topic = await createTopic();
  const poll = `GET /topics/${topic}/partitions/0/records?offset=latest&timeout=500 HTTP/1.1\r\n${HOST}\r\n`;

  const answers = await answerTo(t, [poll, `${upload(topic, 'Content-Length: 3\r\nConnection: close')}abc`]);

  const [polled, produced] = answers.split(/(?=HTTP\/1\.1 )/);
  assert.match(polled, /^HTTP\/1\.1 200 .*\r\n\r\n\[\]$/s);
  assert.match(produced, /^HTTP\/1\.1 200 .*"offset":0/s);
});
