import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { deliverFor, get, subscribe } from '../../harness/push/push-requests.ts';
import { type Receiver, startReceiver } from '../../harness/push/receiver.ts';
import { PREFIX } from '../../harness/push/signing.ts';

const CLIENT = `${PREFIX}client`;

let push: PushWorld;
let issuer: Receiver;

before(async () => {
  [push, issuer] = await Promise.all([startPush(), startReceiver()]);
  const client = { origin: push.receiver.origin, token_url: issuer.url, client_id: 'gateway', client_secret: 'of the client' };
  const secrets = JSON.parse(push.environment.GATEWAY_PUSH_LOCAL_SECRETS);
  configure(sharedKafka(), {
    ...push.environment,
    GATEWAY_PUSH_TARGETS: `${push.environment.GATEWAY_PUSH_TARGETS},${issuer.origin}`,
    GATEWAY_PUSH_LOCAL_SECRETS: JSON.stringify({ ...secrets, [CLIENT]: client }),
  });
});
after(() => Promise.all([push?.stop(), issuer?.close()]));

test('deliveries bear tokens of the issuer that the secret names, and another one after a refusal', async () => {
  issuer.script =
    ({ number }) =>
    (response) =>
      response.end(JSON.stringify({ access_token: `token-${number}`, expires_in: 3600 }));
  push.receiver.script = ({ headers }) => (headers.authorization === 'Bearer token-1' ? 401 : 204);
  const topic = await createTopic();
  await writeTopic(topic, [{ value: '"first"' }, { value: '"second"' }]);

  // The ping of a new subscription takes token-0.
  const name = await subscribe(topic, push.receiver, { auth: { type: 'oauth2', secret: CLIENT } });
  await deliverFor(30_000);

  assert.deepEqual(push.receiver.received.map(({ headers }) => headers.authorization).toSorted(), [
    'Bearer token-1',
    'Bearer token-1',
    'Bearer token-2',
    'Bearer token-2',
  ]);
  const basic = `Basic ${Buffer.from('gateway:of+the+client').toString('base64')}`;
  assert.deepEqual([...new Set(issuer.received.map(({ headers }) => headers.authorization))], [basic]);
  assert.equal((await get(name)).delivered, 2);
});
