import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '../../../infra/local/gateway.ts';
import { freePorts } from '../../../infra/local/ports.ts';
import { add } from '../../../infra/users/accounts.ts';
import { readUsers, writeUsers } from '../../../lib/authorizer/users.ts';
import { startBrowser } from '../../harness/browser/browser.ts';
import { openConsole } from '../../harness/browser/console.ts';
import { basicHeader } from '../../harness/events/presented.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import '../../harness/leaks/output.ts';

test('npm start serves the console: whoever signs in produces, reads and follows records, behind the authorizer', async (t) => {
  const topic = await createTopic();
  const { users, secret } = await add(readUsers({}), 'users', 'alice', ['analysts']);
  const [port] = await freePorts(1);
  const [gateway, chromium] = await Promise.all([
    startGateway(port, {
      KAFKA_BOOTSTRAP_SERVERS: sharedKafka(),
      GATEWAY_AUTH: 'basic',
      GATEWAY_CONSOLE: 'write',
      GATEWAY_USERS: JSON.stringify(writeUsers(users)),
      GATEWAY_GRANTS: JSON.stringify([{ group: 'analysts', operations: ['*'], topics: [topic] }]),
    }),
    startBrowser(),
  ]);
  t.after(() => Promise.all([gateway.stop(), chromium.stop()]));
  const opened = await openConsole(chromium.browser, gateway.url);
  const { page, fill, click, shows, text } = opened;

  const [response] = await Promise.all([page.waitForResponse((one) => one.url().endsWith('.js')), page.reload()]);
  const { 'content-encoding': encoding, 'cache-control': caching } = response.headers();
  await fill('User', 'alice');
  await fill('Password', secret);
  await click('Sign in', 'button');
  await click(topic);
  await click('Produce');
  await fill('Record value', '{"total":9007199254740993}');
  await click('Produce', 'button');
  await shows('Written to partition 0 at offset 0');
  await click('Records');
  await shows('1 record');
  const read = await text('tbody td:last-child');
  await Promise.all([page.waitForResponse((one) => one.headers()['content-type'] === 'text/event-stream'), click('Live')]);
  await fetch(`${gateway.url}/topics/${topic}`, {
    method: 'POST',
    headers: { authorization: basicHeader('alice', secret), 'content-type': 'application/vnd.kafka.json.v2+json' },
    body: '{"records":[{"value":{"live":1}}]}',
  });
  await shows('1 record has come');
  const live = await text('tbody td:last-child');
  await opened.close();

  assert.deepEqual([encoding, caching], ['br', 'public, max-age=31536000, immutable']);
  assert.deepEqual([read, live], ['{"total":9007199254740993}', '{"live":1}']);
});
