import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConsoleOf, USAGE } from '../../../../infra/console/command.ts';

test('it says how it is used, and sends signatures to nobody without TLS', async () => {
  await assert.rejects(openConsoleOf([]), new Error(USAGE));
  await assert.rejects(openConsoleOf(['gateway.example']), new Error(USAGE));
  await assert.rejects(openConsoleOf(['https://gateway.example', '--port', 'x']), new Error(USAGE));
  await assert.rejects(openConsoleOf(['http://gateway.example']), /must begin with https/);
});

test('without a region in the address, it says how to name one', async (t) => {
  const before = { ...process.env };
  t.after(() => Object.assign(process.env, before));
  for (const name of ['AWS_REGION', 'AWS_PROFILE']) delete process.env[name];
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) process.env[name] = '/dev/null';

  await assert.rejects(openConsoleOf(['https://gateway.example']), /--region, or set AWS_REGION/);
});

test('its address is of this machine, and no two are the same', async () => {
  const gateway = 'https://a1b2.execute-api.eu-west-1.amazonaws.com/prod';

  await using one = await openConsoleOf([gateway]);
  await using other = await openConsoleOf([gateway]);

  assert.match(one.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/);
  assert.notEqual(new URL(one.url).pathname, new URL(other.url).pathname);
});
