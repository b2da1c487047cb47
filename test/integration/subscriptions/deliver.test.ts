import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { startTable, type TestTable } from '../../harness/aws/table.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type Receiver, startReceiver } from '../../harness/push/receiver.ts';
import { newSigningKey } from '../../harness/push/signing.ts';
import { deliverFor, get, SIGNING, subscribe } from './push-requests.ts';

const key = newSigningKey();
let table: TestTable;
let receiver: Receiver;
let topic: string;

before(async () => {
  [table, receiver] = await Promise.all([startTable(), startReceiver()]);
  configure(sharedKafka(), {
    ...table.environment,
    GATEWAY_PUSH: 'until-idle',
    GATEWAY_PUSH_TARGETS: receiver.origin,
    GATEWAY_PUSH_LOCAL_SECRETS: JSON.stringify({ [SIGNING]: { key, origin: receiver.origin } }),
  });
});
after(async () => {
  await receiver?.close();
  await table?.stop();
});
beforeEach(async () => {
  topic = await createTopic({ partitions: 2 });
  receiver.received = [];
  receiver.script = () => 204;
});

test('each record is delivered once, signed as Standard Webhooks has it, and then the group has passed it', async () => {
  await writeTopic(topic, [
    { key: 'a', value: '{"n":1}' },
    { key: 'b', value: '{"n":2}' },
  ]);
  const name = await subscribe(topic, receiver);

  await deliverFor(5000);

  assert.equal(receiver.received.length, 2);
  for (const { headers, body } of receiver.received) {
    const verified = new Webhook(key).verify(body, Object.fromEntries(Object.entries(headers).map(([one, value]) => [one, String(value)])));
    assert.match(JSON.stringify(verified), /"value":\{"n":[12]\}/);
  }
  const { lag, delivered, state } = await get(name);
  assert.deepEqual({ lag, delivered, state }, { lag: 0, delivered: 2, state: 'active' });
});
