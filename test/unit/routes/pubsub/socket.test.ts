import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import { handler } from '../../../../functions/pubsub-socket.ts';
import { closeClusters } from '../../../../lib/clusters/warm-clusters.ts';
import { setLogLevel } from '../../../../lib/telemetry/log.ts';
import { startFakeDynamoDb } from '../../../harness/aws/fake-dynamodb.ts';
import { captureLog, lambdaContext } from '../../../harness/events/http-event.ts';
import { messageEvent } from '../../../harness/events/socket-event.ts';

const rules = [{ kind: 'fixed-window', key: 'principal', limit: 2, window: 86_400, principals: '*' }];
const dynamodb = await startFakeDynamoDb();
before(() => {
  Object.assign(process.env, dynamodb.environment, {
    KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9',
    GATEWAY_AUTH: 'iam',
    GATEWAY_LIMITS: JSON.stringify(rules),
  });
});
after(async () => {
  closeClusters();
  await dynamodb.stop();
});

/** Sends a ping over a connection; answers with the error's code, if it is one, and what was logged. */
async function ping(t: TestContext, connectionId: string, sourceIp: string, parts: object = {}) {
  setLogLevel('info');
  t.after(() => setLogLevel('error'));
  const lines = captureLog(t);
  const event = messageEvent('{"sequence":"1","cmdPing":{}}', { connectionId, ...parts });
  event.requestContext.identity.sourceIp = sourceIp;
  const { body = '' } = await handler(event, lambdaContext());
  t.mock.restoreAll();
  return { code: JSON.parse(body).errorResp?.code, line: lines.find(({ event }) => event === 'request') };
}

suite('with iam, which does not say with a message whose it is,', () => {
  test('limits by principal do not begin anew with each connection', async (t) => {
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push((await ping(t, `connection-${i}`, '192.0.2.1')).code);
    const { code: elsewhere } = await ping(t, 'connection-3', '192.0.2.2');

    assert.deepEqual([...codes, elsewhere], [undefined, undefined, 89, undefined]);
  });

  test('the log names the connection', async (t) => {
    const { line } = await ping(t, 'connection-1', '192.0.2.3');

    assert.deepEqual([line?.principal, line?.mode], ['connection:connection-1', 'iam']);
  });

  test('a caller who is named all the same is counted by the name', async (t) => {
    const codes = [];
    const userArn = 'arn:aws:iam::123456789012:user/alice';
    for (let i = 4; i < 7; i++) codes.push((await ping(t, `connection-${i}`, `192.0.2.${i}`, { userArn })).code);

    assert.deepEqual(codes, [undefined, undefined, 89]);
  });
});
