import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { handler } from '../../../functions/push-logs.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { type Entry, logsEvent, queuedEvent } from '../../harness/events/logs-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

const OWN = '/aws/lambda/gateway-push-logs';
const context = { getRemainingTimeInMillis: () => 20_000 };

let topic: string;

before(async () => {
  topic = await createTopic({ configs: { 'max.message.bytes': '2000' } });
  configure(sharedKafka(), { GATEWAY_LOG_TOPIC: topic, GATEWAY_LOG_KEY: '$.ip', AWS_LAMBDA_LOG_GROUP_NAME: OWN });
});

const newEntry = (members: object): Entry => ({
  ...{ id: randomUUID(), timestamp: Date.now() },
  message: JSON.stringify({ ip: '192.0.2.1', ...members }),
});

/** What the topic has of an entry: key and value of each time that it was written. */
const written = async (entry: Entry) =>
  (await readTopic(topic))
    .filter(({ headers }) => headers.some(({ key, value }) => key === 'log-event-id' && String(value) === entry.id))
    .map(({ key, value }) => [String(key), String(value)]);

test('entries of a log group become records, one each', async () => {
  const entries = [newEntry({ n: 1 }), newEntry({ n: 2 })];

  await handler(logsEvent(entries), context);

  for (const entry of entries) assert.deepEqual(await written(entry), [['192.0.2.1', entry.message]]);
});

test('what is brought again has the same id', async () => {
  const entry = newEntry({});

  await handler(logsEvent([entry]), context);
  await handler(queuedEvent(logsEvent([entry])), context);

  assert.equal((await written(entry)).length, 2);
});

test('an entry that is too large for the topic is told by its id, and keeps no other back', async (t) => {
  const lines = captureLog(t);
  const [small, large] = [newEntry({ n: 1 }), newEntry({ text: randomBytes(4000).toString('base64') })];

  await handler(logsEvent([large, small]), context);

  assert.deepEqual([(await written(small)).length, await written(large)], [1, []]);
  const told = lines.filter(({ event }) => event === 'logs_not_pushed').map(({ id, group }) => [id, group]);
  assert.deepEqual(told, [[large.id, '/aws/http-api/gateway']]);
});

test('of its own log group nothing is taken, as each entry would make others', async () => {
  const entry = newEntry({});

  await handler(logsEvent([entry], { group: OWN }), context);
  await handler(logsEvent([entry], { type: 'CONTROL_MESSAGE' }), context);

  assert.deepEqual(await written(entry), []);
});
