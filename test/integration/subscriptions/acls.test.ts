import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Broker } from '../../../infra/local/broker.ts';
import { users } from '../../../infra/local/properties.ts';
import { pushTools } from '../../../lib/routes/subscriptions/push-tools.ts';
import { configure } from '../../harness/http/gateway.ts';
import { addAcls, allow, startBrokerWithAcls } from '../../harness/kafka/acls.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { get } from '../../harness/push/push-requests.ts';
import { subscriptionOf } from '../../harness/push/subscription-of.ts';

let broker: Broker;
let push: PushWorld;

before(async () => {
  push = await startPush();
  broker = await startBrokerWithAcls(async (admin) => {
    await admin.createTopics({ topics: [{ topic: 'orders' }], waitForLeaders: true });
    await addAcls(admin, [allow('GROUP', 'push.', 'DESCRIBE', { isPrefix: true })]);
  });
  configure(broker.bootstrapServers, {
    ...push.environment,
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    KAFKA_SASL_USERNAME: 'alice',
    KAFKA_SASL_PASSWORD: users.alice,
  });
});
after(async () => {
  await push?.stop();
  await broker?.stop();
});

test('a subscription is shown, too, when the gateway may no longer describe its topic', async () => {
  const { store } = pushTools();
  await store.write(subscriptionOf({ topics: ['orders'] }), null, Date.now() + 5000);

  const { message, state, lag } = await get('hook');

  assert.deepEqual([message, state, lag], [undefined, 'active', 0]);
});
