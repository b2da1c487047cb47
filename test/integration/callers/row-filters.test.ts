import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { writeCaller } from '../../../lib/access/caller.ts';
import { functionHandler } from '../../../lib/admission/function-handler.ts';
import { streamTopics } from '../../../lib/routes/streams/stream-topics.ts';
import { newGroup, TestConsumer } from '../../harness/consumers/consumer-requests.ts';
import { httpEvent, lambdaContext } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { type FetchedRecord, mediaTypes } from '../../harness/http/requests.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { command } from '../../harness/pubsub/pubsub.ts';
import { PREFIX } from '../../harness/push/signing.ts';
import { newQueue, receive } from '../queues/queue-requests.ts';

const [byHeader, byKey, byValue, open] = [await createTopic(), await createTopic(), await createTopic(), await createTopic()];

configure(sharedKafka(), {
  GATEWAY_AUTH: 'jwt',
  GATEWAY_JWT_ISSUER: 'https://issuer.example',
  GATEWAY_JWT_AUDIENCE: 'kafka',
  GATEWAY_PUSH: 'until-idle',
  GATEWAY_TABLE: 'not-asked',
  GATEWAY_ROW_FILTERS: [
    `${byHeader}: header.tenant == {claim.tenant}`,
    `${byKey}: key == {claim.tenant}`,
    `${byValue}: value.$.customer.id == {claim.customers}`,
  ].join('; '),
});

const callerWith = (claims?: Record<string, string[]>) => ({
  authorizer: { lambda: writeCaller({ principal: 'alice', mode: 'jwt', grants: null, expiresAt: null, ...(claims && { claims }) }) },
});
const acme = callerWith({ tenant: ['acme'], customers: ['7', '9'] });
const other = callerWith({ tenant: ['umbrella'], customers: ['8'] });
const nobody = callerWith();

/** What stands in each topic, and whom it is for. */
const rows = (topic: string) =>
  Promise.all([
    writeTopic(topic, [
      { key: 'acme', headers: { tenant: 'acme' }, value: '{"n":1,"customer":{"id":7}}' },
      { key: 'umbrella', headers: { tenant: 'umbrella' }, value: '{"n":2,"customer":{"id":8}}' },
      { value: '{"n":3}' },
      { key: 'acme', headers: { tenant: 'acme' }, value: '{"n":4,"customer":{"id":"9"}}' },
    ]),
  ]);
await Promise.all([byHeader, byKey, byValue, open].map(rows));

const numbersOf = (values: readonly unknown[]): unknown[] =>
  values.map((value) => (typeof value === 'object' && value !== null && 'n' in value ? value.n : value));

type Caller = ReturnType<typeof callerWith>;

const stream = functionHandler({ 'GET /topics/{topics}/records': streamTopics });

/** The ways in which records leave the gateway. */
const readers: Record<string, (topic: string, caller: Caller) => Promise<unknown[]>> = {
  'a fetch': async (topic, caller) => {
    const query = { offset: 0, timeout: 0 };
    const answer = await call<FetchedRecord[]>('GET', `/topics/${topic}/partitions/0/records`, {
      ...{ headers: { accept: mediaTypes.json }, query },
      ...caller,
    });
    assert.equal(answer.headers['kafka-next-offset'], '4');
    return numbersOf(answer.json.map(({ value }) => value));
  },
  messages: async (topic, caller) => {
    const answer = await call<FetchedRecord[]>('GET', `/topics/${topic}/partitions/0/messages`, {
      ...{ headers: { accept: mediaTypes.json }, query: { offset: 0, count: 10 } },
      ...caller,
    });
    return numbersOf(answer.json.map(({ value }) => value));
  },
  'a page': async (topic, caller) => {
    const answer = await call<{ items: { value: unknown }[] }>('GET', `/topics/${topic}/records`, { query: { timeout: 0 }, ...caller });
    return numbersOf(answer.json.items.map(({ value }) => value));
  },
  'a stream': async (topic, { authorizer }) => {
    const query = 'follow=true&from=earliest&to=offset:4&max_duration=5000';
    const result = await stream(httpEvent('GET', `/topics/${topic}/records`, { query, authorizer }), lambdaContext());
    assert.ok(result.stream);
    const chunks: Buffer[] = [];
    for await (const chunk of result.stream.chunks) chunks.push(Buffer.from(chunk));
    const lines = Buffer.concat(chunks).toString().trim().split('\n');
    return numbersOf(lines.map((line) => JSON.parse(line)).flatMap((line) => ('value' in line ? [line.value] : [])));
  },
  pubsub: async (topic, caller) => {
    const { kafkaFetchResp } = await command({ cmdKafkaFetch: { topic } }, caller);
    return numbersOf((kafkaFetchResp?.messages ?? []).map(({ value = '' }) => JSON.parse(Buffer.from(value, 'base64').toString())));
  },
  "a consumer's poll": async (topic, caller) => {
    const consumer = new TestConsumer(newGroup(), 'one', caller);
    const made = await call('POST', `/consumers/${consumer.group}`, {
      ...{ headers: { 'content-type': mediaTypes.generic }, body: '{"name":"one","format":"json","auto.offset.reset":"earliest"}' },
      ...caller,
    });
    assert.equal(made.status, 200, made.text);
    await consumer.assign([{ topic, partition: 0 }]);
    const answer = await consumer.poll({ timeout: 1500 }, { headers: { accept: mediaTypes.json } });
    await consumer.remove();
    assert.equal(answer.status, 200, answer.text);
    return numbersOf(answer.json.map(({ value }) => value));
  },
};

for (const [reader, read] of Object.entries(readers)) {
  suite(reader, () => {
    test('shows a caller the records that its claims are for', async () => {
      for (const topic of [byHeader, byKey, byValue]) {
        assert.deepEqual(await read(topic, acme), [1, 4]);
        assert.deepEqual(await read(topic, other), [2]);
      }
    });

    test('shows nothing without the claim, and all of any other topic', async () => {
      assert.deepEqual(await read(byHeader, nobody), []);
      assert.deepEqual(await read(open, nobody), [1, 2, 3, 4]);
    });
  });
}

test('a filter of the request is asked only of what the caller may see', async () => {
  const { json } = await call<{ items: { value: unknown }[] }>('GET', `/topics/${byHeader}/records`, {
    ...{ query: 'timeout=0&filter=value.n>1' },
    ...acme,
  });

  assert.deepEqual(numbersOf(json.items.map(({ value }) => value)), [4]);
});

test('a queue gives nothing of a topic with a row filter', async () => {
  const { status, json } = await receive(newQueue(), { topics: [open, byHeader] }, acme);

  assert.equal(status, 403);
  assert.match(JSON.stringify(json), new RegExp(`Records of ${byHeader} are for some callers only .* a queue would keep what is hidden`));
});

test('nothing of it is pushed either', async () => {
  const { status, text } = await call('PUT', '/subscriptions/filtered', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ topics: [byHeader], url: 'https://example.com/hook', signing: { secret: `${PREFIX}signing` } }),
    ...acme,
  });

  assert.equal(status, 403, text);
  assert.match(text, /a subscription has no caller/);
});
