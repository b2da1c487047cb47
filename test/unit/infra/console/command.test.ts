import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConsoleOf, USAGE } from '../../../../infra/console/command.ts';

test('it says how it is used, and sends signatures to nobody without TLS', async () => {
  await assert.rejects(openConsoleOf([]), new Error(USAGE));
  await assert.rejects(openConsoleOf(['gateway.example']), new Error(USAGE));
  await assert.rejects(openConsoleOf(['https://gateway.example', '--port', 'x']), new Error(USAGE));
  await assert.rejects(openConsoleOf(['http://gateway.example']), /must begin with https/);
});

test('its address is of this machine, and no two are the same', async () => {
  const gateway = 'https://a1b2.execute-api.eu-west-1.amazonaws.com/prod';

  await using one = await openConsoleOf([gateway]);
  await using other = await openConsoleOf([gateway]);

  assert.match(one.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/);
  assert.notEqual(new URL(one.url).pathname, new URL(other.url).pathname);
});
