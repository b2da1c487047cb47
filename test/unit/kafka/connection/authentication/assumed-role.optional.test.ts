import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { GatewayError } from '../../../../../lib/errors.ts';
import { AssumedRole } from '../../../../../lib/kafka/connection/authentication/assumed-role.optional.ts';
import { startSts } from '../../../../harness/aws/sts.ts';

const keys = { AWS_ACCESS_KEY_ID: 'ASIAROLE', AWS_SECRET_ACCESS_KEY: 'of/the+role', AWS_SESSION_TOKEN: 'session==' };
const roleKeys = { accessKeyId: 'ASIAROLE', secretAccessKey: 'of/the+role', sessionToken: 'session==' };
const ROLE = 'arn:aws:iam::123456789012:role/kafka';
const MINUTE_MS = 60_000;

/** Sets these variables for the time of a test, in place of the AWS variables of whoever runs it. */
function withEnvironment(t: TestContext, variables: Record<string, string>): void {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  t.mock.property(process, 'env', { ...Object.fromEntries(others), ...variables });
}

suite('another role', () => {
  /** The credentials of a role that STS gives for so many minutes, at a time that stands still. */
  async function assumed(t: TestContext, minutes: number | null) {
    const sts = await startSts(t, keys, minutes === null ? null : minutes * 60);
    const functionKeys = { AWS_ACCESS_KEY_ID: 'ASIAFUNCTION', AWS_SECRET_ACCESS_KEY: 'hunter2', AWS_SESSION_TOKEN: 'f' };
    withEnvironment(t, { ...functionKeys, AWS_ENDPOINT_URL_STS: sts.url, AWS_MAX_ATTEMPTS: '1' });
    t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
    return { sts, role: new AssumedRole(ROLE, 'eu-west-1') };
  }

  test('is assumed once for all who ask, always by one session name: Kafka knows us by it', async (t) => {
    const { sts, role } = await assumed(t, 60);

    const all = [...(await Promise.all([role.current(), role.current()])), await role.current()];

    assert.deepEqual(all, [roleKeys, roleKeys, roleKeys]);
    assert.deepEqual(sts.requests, [{ Action: 'AssumeRole', RoleArn: ROLE, RoleSessionName: 'kafka-http-gateway' }]);
  });

  test('is assumed again when half an hour is left of it', async (t) => {
    const { sts, role } = await assumed(t, 60);
    await role.current();

    t.mock.timers.setTime(Date.now() + 30 * MINUTE_MS - 1);
    await role.current();
    const before = sts.requests.length;
    t.mock.timers.setTime(Date.now() + 1);
    await role.current();

    assert.deepEqual([before, sts.requests.length], [1, 2]);
  });

  test('serves on while STS denies it, but not with less than the quarter of an hour that signatures are for', async (t) => {
    const { sts, role } = await assumed(t, 60);
    await role.current();
    sts.lifeS = null;

    t.mock.timers.setTime(Date.now() + 44 * MINUTE_MS);
    const late = await role.current();
    t.mock.timers.setTime(Date.now() + MINUTE_MS);

    assert.deepEqual(late, roleKeys);
    await assert.rejects(role.current(), { name: 'CredentialsUnavailable' });
  });

  test('that may not be assumed is 503, and the log names it and says why', async (t) => {
    const { role } = await assumed(t, null);

    await assert.rejects(role.current(), (error) => {
      assert.ok(error instanceof GatewayError && error.cause instanceof Error);
      assert.deepEqual([error.name, error.status], ['CredentialsUnavailable', 503]);
      assert.match(error.cause.message, /the role arn:aws:iam::123456789012:role\/kafka cannot be assumed/);
      assert.match(String(error.cause.cause), /not authorized to perform: sts:AssumeRole/);
      assert.doesNotMatch(error.message, /arn:aws/);
      assert.doesNotMatch(inspect(error, { depth: 8 }), /hunter2/);
      return true;
    });
  });
});
