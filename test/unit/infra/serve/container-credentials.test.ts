import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { useContainerCredentials } from '../../../../infra/serve/container-credentials.ts';
import { output } from '../../../../lib/telemetry/output.ts';

const EXPIRES = '2100-01-01T00:00:00.000Z';

/** What gives a container its credentials; `answers` are given in turn, the last one for good. */
async function startAgent(t: TestContext, ...answers: object[]) {
  const tokens: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    response.setHeader('connection', 'close');
    response.end(JSON.stringify(answers[Math.min(tokens.length, answers.length) - 1]));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  return { tokens, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/credentials` };
}

const credentials = (AccessKeyId: string) => ({ AccessKeyId, SecretAccessKey: 'key', Token: 'session', Expiration: EXPIRES });

test('the credentials of a container come into the environment, and again before they end', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const directory = await mkdtemp(join(tmpdir(), 'token-'));
  t.after(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'token'), 'secret\n');
  const { url, tokens } = await startAgent(t, credentials('first'), credentials('second'));
  const renewed = Promise.withResolvers<void>();
  const environment = new Proxy<NodeJS.ProcessEnv>(
    { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(directory, 'token') },
    {
      set(target, name, value) {
        if (name === 'AWS_CREDENTIAL_EXPIRATION' && target.AWS_ACCESS_KEY_ID === 'second') renewed.resolve();
        return Reflect.set(target, name, value);
      },
    },
  );

  const end = await useContainerCredentials(environment);
  t.after(end);
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION } = environment;
  t.mock.timers.tick(15 * 60_000);
  await renewed.promise;

  assert.deepEqual([AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN], ['first', 'key', 'session']);
  assert.equal(AWS_CREDENTIAL_EXPIRATION, EXPIRES);
  assert.equal(environment.AWS_ACCESS_KEY_ID, 'second');
  assert.deepEqual(tokens, ['secret', 'secret']);
});

test('an answer without credentials is told of, without its content, and changes nothing', async (t) => {
  const write = t.mock.method(output, 'write', () => undefined);
  const { url } = await startAgent(t, { AccessKeyId: 'hunter2' });
  const environment: NodeJS.ProcessEnv = { AWS_CONTAINER_CREDENTIALS_FULL_URI: url };

  const end = await useContainerCredentials(environment);
  end();

  const [line] = write.mock.calls.map(({ arguments: [text] }) => String(text));
  assert.match(line, /"event":"credentials_kept"/);
  assert.doesNotMatch(line, /hunter2/);
  assert.equal(environment.AWS_ACCESS_KEY_ID, undefined);
});

test('nothing is asked where the environment has credentials, or names no role', async (t) => {
  const { url, tokens } = await startAgent(t, credentials('first'));

  await useContainerCredentials({});
  await useContainerCredentials({ AWS_ACCESS_KEY_ID: 'own', AWS_CONTAINER_CREDENTIALS_FULL_URI: url });

  assert.deepEqual(tokens, []);
});
