import assert from 'node:assert/strict';
import { after, beforeEach, suite, test } from 'node:test';
import { type Caller, writeCaller } from '../../../lib/access/caller.ts';
import { letHold } from '../../../lib/config/running.ts';
import { LocalSubscriptions } from '../../../lib/routes/pubsub/local-subscriptions.ts';
import { pubsubSocket } from '../../../lib/routes/pubsub/socket.ts';
import { startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { captureLog, lambdaContext } from '../../harness/events/http-event.ts';
import { messageEvent } from '../../harness/events/socket-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import type { Pushed } from '../../harness/pubsub/subscriber.ts';
import { until } from '../../harness/until.ts';

const [plain, filtered] = [await createTopic(), await createTopic()];
const table = await startFakeDynamoDb();
after(() => table.stop());

configure(sharedKafka(), {
  GATEWAY_AUTH: 'jwt',
  GATEWAY_GRANTS: JSON.stringify([{ principal: '*', operations: ['read'], topics: [plain, filtered] }]),
  GATEWAY_ROW_FILTERS: `${filtered}: header.tenant == {claim.tenant}`,
  GATEWAY_LIMITS: '[{"kind":"concurrency","key":"principal","principals":["bob"],"limit":1}]',
  ...table.environment,
});

/** All that was pushed to the connection of a test; its client has left when `isGone` says so. */
let pushed: Pushed[] = [];
let isGone = false;
const subscriptions = new LocalSubscriptions(
  async (_connection, text) => {
    if (!isGone) pushed.push(JSON.parse(text));
    return !isGone;
  },
  () => !isGone,
);
const handle = pubsubSocket(subscriptions);
const connectionId = 'connection';

beforeEach(() => {
  pushed = [];
  isGone = false;
});

const caller = (others: Partial<Caller> = {}): Caller => ({ principal: 'alice', grants: null, expiresAt: null, ...others });

async function command(request: object, who: Caller = caller()): Promise<Pushed> {
  const { body = '' } = await handle(
    messageEvent(JSON.stringify(request), { authorizer: writeCaller(who), connectionId }),
    lambdaContext(),
  );
  return JSON.parse(body);
}

const subscribe = (topic: string, others: object = {}) => ({
  sequence: 1,
  cmdKafkaSubscribe: { topics: [topic], from: 'earliest', credit: 1000, valueFormat: 'FORMAT_TEXT', ...others },
});
const unsubscribe = { sequence: 9, cmdKafkaUnsubscribe: { subscription: 1 } };
const credit = { sequence: 8, cmdKafkaCredit: { subscription: 1, credit: 1 } };
const texts = () => pushed.flatMap(({ kafkaPush }) => kafkaPush?.records?.map(({ valueText }) => valueText) ?? []);

suite('a subscription', () => {
  test('shows its caller the records that row filters let that caller see, and none to a caller without the claim', async () => {
    const ofTenant = (tenant: string, value: string) => ({ value, headers: { tenant } });
    await writeTopic(filtered, [ofTenant('a', 'of-a'), ofTenant('b', 'of-b'), ofTenant('a', 'of-a-too')]);

    await command(subscribe(filtered), caller({ claims: {} }));
    await command({ ...subscribe(filtered), sequence: 2 }, caller({ claims: { tenant: ['a'] } }));
    await until(() => texts().length >= 2);
    await subscriptions.forget(connectionId);

    assert.deepEqual(texts(), ['of-a', 'of-a-too']);
    assert.ok(pushed.every(({ sequence }) => sequence === '2'));
  });

  test('ends with its cursor when the grant for its topic is taken back', async (t) => {
    captureLog(t);
    t.after(() => letHold(null));
    const { kafkaSubscribeResp } = await command(subscribe(plain));

    letHold({ GATEWAY_GRANTS: '[]' });
    await until(() => pushed.some(({ errorResp }) => errorResp !== undefined));
    letHold(null);
    const afterwards = await command(credit);

    const { sequence, errorResp } = pushed[0];
    assert.deepEqual([sequence, errorResp?.code, errorResp?.cursor], ['1', 29, kafkaSubscribeResp?.cursor]);
    assert.match(afterwards.errorResp?.detail ?? '', /no subscription/);
  });

  test('ends when the grants that the authorizer chose at the handshake are taken back, and so do other commands', async (t) => {
    captureLog(t);
    t.after(() => letHold(null));
    const chosen = caller({ grants: [{ principal: '*', operations: ['*'], topics: [plain] }] });
    const fetch = { sequence: 3, cmdKafkaFetch: { topic: plain } };
    await command(subscribe(plain), chosen);

    letHold({ GATEWAY_GRANTS: JSON.stringify([{ principal: 'bob', operations: ['*'], topics: ['*'] }]) });
    await until(() => pushed.some(({ errorResp }) => errorResp !== undefined));
    const { errorResp } = await command(fetch, chosen);

    assert.deepEqual([pushed.at(-1)?.errorResp?.code, errorResp?.code], [29, 29]);
  });

  test('that has waited for credit is sent nothing for which its caller has no grant any more', async (t) => {
    captureLog(t);
    t.after(() => letHold(null));
    const topic = plain;
    await writeTopic(topic, [{ value: 'one' }, { value: 'two' }]);
    await command(subscribe(topic, { credit: 1 }));
    await until(() => texts().length === 1);

    letHold({ GATEWAY_GRANTS: '[]' });
    await command(credit);
    await until(() => pushed.some(({ errorResp }) => errorResp !== undefined));

    assert.deepEqual([texts().length, pushed.at(-1)?.errorResp?.code], [1, 29]);
  });

  test('heeds row filters that are there since it began', async (t) => {
    t.after(() => letHold(null));
    const ofTenant = (tenant: string, value: string) => ({ value, headers: { tenant } });
    await command(subscribe(plain, { from: 'latest', credit: 1 }), caller({ claims: { tenant: ['a'] } }));
    await writeTopic(plain, [ofTenant('b', 'of-b'), ofTenant('b', 'of-b'), ofTenant('a', 'of-a')]);
    await until(() => texts().length === 1);

    letHold({ GATEWAY_ROW_FILTERS: `${plain}: header.tenant == {claim.tenant}` });
    await command(credit);
    await until(() => texts().length === 2);
    await subscriptions.forget(connectionId);

    assert.deepEqual(texts(), ['of-b', 'of-a']);
  });

  test('ends with the credentials of its caller', async (t) => {
    captureLog(t);

    const { kafkaSubscribeResp } = await command(subscribe(plain, { credit: 0 }), caller({ expiresAt: Date.now() + 2000 }));
    await until(() => pushed.length > 0);

    const [{ sequence, errorResp }] = pushed;
    assert.deepEqual([sequence, errorResp?.code, errorResp?.cursor], ['1', 58, kafkaSubscribeResp?.cursor]);
  });

  test('is forgotten when its connection is found to be gone', async () => {
    const topic = plain;
    await command(subscribe(topic));

    isGone = true;
    await writeTopic(topic, [{ value: 'unseen' }]);
    await until(async () => (await command(credit)).errorResp !== undefined);

    assert.deepEqual(texts(), []);
  });

  test('is none when its client has left while its command was under way', async () => {
    isGone = true;
    await command(subscribe(plain, { credit: 0 }));
    const { errorResp } = await command(credit);
    await subscriptions.forget(connectionId);

    assert.match(errorResp?.detail ?? '', /no subscription/);
  });

  test('counts against a limit of requests at a time for as long as it lasts', async (t) => {
    captureLog(t);
    const bob = caller({ principal: 'bob' });
    const fetch = { sequence: 3, cmdKafkaFetch: { topic: plain } };

    await command(subscribe(plain, { credit: 0 }), bob);
    await until(async () => (await command(fetch, bob)).errorResp !== undefined);
    const { errorResp } = await command(fetch, bob);
    await subscriptions.forget(connectionId);
    await until(async () => (await command(fetch, bob)).errorResp === undefined);

    assert.equal(errorResp?.code, 89);
  });

  test('is refused of a topic that its caller has no grant to read', async () => {
    const { errorResp } = await command(subscribe('others'));

    assert.deepEqual([errorResp?.code, errorResp?.message], [29, 'failed to subscribe, err: TOPIC_AUTHORIZATION_FAILED']);
  });
});

test('a connection without subscriptions has none to end', async () => {
  const { errorResp } = await command(unsubscribe);

  assert.match(errorResp?.detail ?? '', /no subscription with the sequence 1/);
});
