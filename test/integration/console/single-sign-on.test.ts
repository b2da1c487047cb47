import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkAccessibility } from '../../harness/browser/console.ts';
import { serveConsole } from '../../harness/browser/served-console.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { CLIENT_ID, startLoginServer, TOKEN_AUDIENCE } from '../../harness/oidc/login-server.ts';

suite('with an issuer of tokens', () => {
  test('people sign in there by a code with PKCE, and the tokens stay in memory', async (t) => {
    const topic = await createTopic();
    let origin = '';
    await using login = await startLoginServer(() => origin);
    configure(sharedKafka(), {
      GATEWAY_AUTH: 'jwt',
      GATEWAY_JWT_ISSUER: login.issuer,
      GATEWAY_JWT_AUDIENCE: TOKEN_AUDIENCE,
      GATEWAY_CONSOLE_CLIENT_ID: CLIENT_ID,
      GATEWAY_GRANTS: JSON.stringify([{ principal: 'alice', operations: ['describe', 'read'], topics: [topic] }]),
    });
    const served = await serveConsole();
    t.after(() => served.stop());
    origin = served.url;
    const { page, complaints, show, click, shows, text } = await served.open();
    const signIn = () => click(`Sign in at ${new URL(login.issuer).host}`, 'button');

    await checkAccessibility(page);
    login.refusal = 'alice is on holiday';
    await signIn();
    const refused = await text('[role=alert]');
    login.refusal = null;
    login.nonce = 'of another login';
    await signIn();
    const replayed = await text('[role=alert]');
    login.nonce = null;
    await page.goto(`${served.url}/console?code=stolen&state=guessed`);
    const foreign = await text('[role=alert]');
    const asked = login.requests.length;
    // Its tokens are about to expire: each request renews them.
    login.lifeS = 10;
    await show(`#/topics/${topic}/partitions`);
    await signIn();
    await shows('Replicas, those behind');
    const address = page.url();
    const kept = await page.evaluate('document.cookie + JSON.stringify(sessionStorage) + JSON.stringify(localStorage)');
    await click('You');
    await shows('alice');
    const grants = login.requests.slice(asked).map((body) => body.get('grant_type'));
    // The issuer takes the session away.
    login.lastRefreshToken = 'taken away';
    await click('Health');
    await shows('Sign in at');
    await page.reload();
    await shows('Sign in at');

    assert.match(refused, /The issuer says: alice is on holiday/);
    assert.match(replayed, /not of this login/);
    assert.match(foreign, /This login was not begun here/);
    assert.equal(asked, 1);
    assert.equal(address, `${served.url}/console#/topics/${topic}/partitions`);
    assert.ok(!String(kept).includes('kafka-console-login') && !String(kept).includes('eyJ'), String(kept));
    assert.deepEqual([...new Set(grants)], ['authorization_code', 'refresh_token']);
    assert.deepEqual(complaints, []);
  });
});
