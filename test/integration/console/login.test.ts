import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { add } from '../../../infra/users/accounts.ts';
import { hashPassword } from '../../../lib/authorizer/secret-hash.ts';
import { readUsers, writeUsers } from '../../../lib/authorizer/users.ts';
import { checkAccessibility } from '../../harness/browser/console.ts';
import { serveConsole } from '../../harness/browser/served-console.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

suite('with users and keys', () => {
  test('whoever signs in sees what is granted, a reload forgets who it was, and nothing can be written', async (t) => {
    const topic = await createTopic();
    await createTopic();
    // Spaces around a password are its own; around a key they come from copying it.
    const password = `  ${crypto.randomUUID()} `;
    const alice = { hashes: [await hashPassword(password)], groups: ['analysts'] };
    const sensor = await add(readUsers({}), 'keys', 'sensor-1', ['analysts']);
    const both = { ...sensor.users, users: new Map([['alice', alice]]) };
    configure(sharedKafka(), {
      GATEWAY_AUTH: 'basic,api-key',
      GATEWAY_USERS: JSON.stringify(writeUsers(both)),
      GATEWAY_GRANTS: JSON.stringify([{ group: 'analysts', operations: ['*'], topics: [topic] }]),
    });
    const served = await serveConsole();
    t.after(() => served.stop());
    const { page, complaints, fill, choose, click, shows, text } = await served.open();
    const signIn = () => click('Sign in', 'button');

    await checkAccessibility(page);
    await fill('User', 'alice');
    await fill('Password', 'wrong');
    await signIn();
    const refused = await text('[role=alert]');
    await fill('Password', password);
    await signIn();
    await shows('1 topic');
    await click(topic);
    const views = await text('nav[aria-label=Topic]');
    const address = page.url();
    const kept = await page.evaluate('document.cookie + JSON.stringify(sessionStorage) + JSON.stringify(localStorage)');
    await page.reload();
    await choose('With', 'key');
    await page.locator('input[name=secret]').fill(` ${sensor.secret} `);
    await signIn();
    await page.waitForSelector('nav[aria-label=Topic]');

    assert.match(refused, /Status 40[13]/);
    assert.equal(views, 'RecordsPartitionsSettings');
    assert.equal(await text('h1'), topic);
    assert.ok(![address, kept, await page.content()].join().includes(password.trim()));
    assert.deepEqual(complaints, []);
  });
});
