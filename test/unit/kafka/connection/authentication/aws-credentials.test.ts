import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { functionRole } from '../../../../../lib/kafka/connection/authentication/aws-credentials.ts';

const keys = { AWS_ACCESS_KEY_ID: 'ASIAROLE', AWS_SECRET_ACCESS_KEY: 'of/the+role', AWS_SESSION_TOKEN: 'session==' };
const roleKeys = { accessKeyId: 'ASIAROLE', secretAccessKey: 'of/the+role', sessionToken: 'session==' };

/** Sets these variables for the time of a test, in place of the AWS variables of whoever runs it. */
function withEnvironment(t: TestContext, variables: Record<string, string>): void {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  t.mock.property(process, 'env', { ...Object.fromEntries(others), ...variables });
}

suite("the function's role", () => {
  test('is known by the keys in the environment, as they are at the time', async (t) => {
    withEnvironment(t, keys);
    const first = await functionRole.current();
    process.env.AWS_ACCESS_KEY_ID = 'ASIANEXT';

    assert.deepEqual([first, await functionRole.current()], [roleKeys, { ...roleKeys, accessKeyId: 'ASIANEXT' }]);
  });

  test('may be without a session, as a user is', async (t) => {
    withEnvironment(t, { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 's' });

    assert.deepEqual(await functionRole.current(), { accessKeyId: 'AKIAUSER', secretAccessKey: 's' });
  });

  for (const missing of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
    test(`cannot be known without ${missing}`, async (t) => {
      withEnvironment(t, { ...keys, [missing]: '' });

      await assert.rejects(functionRole.current(), { name: 'CredentialsUnavailable', status: 503 });
    });
  }

  test('has no other keys when they are refused', async (t) => {
    withEnvironment(t, keys);

    assert.equal(await functionRole.renew(roleKeys), false);
  });
});
