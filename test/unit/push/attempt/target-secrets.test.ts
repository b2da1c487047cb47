import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { targetSecrets } from '../../../../lib/push/attempt/target-secrets.ts';
import { STANDARD_SCHEDULE } from '../../../../lib/push/attempt/verdict.ts';
import type { Definition } from '../../../../lib/push/subscription/subscription.ts';

const origin = 'https://hooks.example.com';
const keyOf = () => `whsec_${randomBytes(32).toString('base64')}`;

function secretsOf(definition: Partial<Definition>, held: Record<string, unknown>) {
  const subscription: Definition = {
    ...{ topics: ['orders'], topics_pattern: null, url: `${origin}/in`, filter: [], format: 'raw' },
    ...{ key_format: 'text', value_format: 'text', batch: { max: 1, wait: 0 }, order: 'key', concurrency: 4 },
    ...{ delivery: 'at-least-once', auth: { type: 'none' }, signing: { secret: 'a', previous: null } },
    ...{ retry: { statuses: null, schedule: STANDARD_SCHEDULE }, dead_letter_topic: null, from: 'latest' },
    ...definition,
  };
  return targetSecrets(subscription, async (name) => JSON.stringify(held[name]));
}

test('while keys are rotated, both sign', async () => {
  const held = { a: { origin, key: keyOf() }, b: { origin, key: keyOf() } };

  assert.equal((await secretsOf({}, held).signers()).length, 1);
  assert.equal((await secretsOf({ signing: { secret: 'b', previous: 'a' } }, held).signers()).length, 2);
});

suite('an endpoint with', () => {
  test('user and password gets them as Basic', async () => {
    const secrets = secretsOf({ auth: { type: 'basic', secret: 'c' } }, { c: { origin, username: 'u', password: 'p:ü' } });

    assert.equal(await secrets.authorization(), `Basic ${Buffer.from('u:p:ü').toString('base64')}`);
    assert.equal(await secrets.tokenClient(), null);
  });

  test('a token gets it as Bearer', async () => {
    const secrets = secretsOf({ auth: { type: 'bearer', secret: 'c' } }, { c: { origin, token: 't' } });

    assert.equal(await secrets.authorization(), 'Bearer t');
  });

  test('OAuth 2.0 has a client, whose scope and audience may be missing', async () => {
    const required = { origin, token_url: 'https://login.example.com', client_id: 'i', client_secret: 's' };
    const secrets = secretsOf({ auth: { type: 'oauth2', secret: 'c' } }, { c: { ...required, scope: 'hooks' } });

    assert.equal(await secrets.authorization(), null);
    assert.deepEqual(await secrets.tokenClient(), {
      ...{ tokenUrl: 'https://login.example.com', clientId: 'i', clientSecret: 's' },
      ...{ scope: 'hooks', audience: null },
    });
  });

  test('nothing gets nothing', async () => {
    const secrets = secretsOf({}, {});

    assert.deepEqual([await secrets.authorization(), await secrets.tokenClient()], [null, null]);
  });
});

suite('a secret is refused that', () => {
  for (const [what, members] of [
    ['is of another origin', { origin: 'https://evil.example.com', token: 't' }],
    ['does not say its origin', { token: 't' }],
    ['lacks what is asked for', { origin }],
    ['has another type of it', { origin, token: 1 }],
    ['would end the header', { origin, token: 'a\r\nx: y' }],
  ] as const) {
    test(what, async () => {
      const secrets = secretsOf({ auth: { type: 'bearer', secret: 'c' } }, { c: members });

      await assert.rejects(secrets.authorization(), { name: 'CredentialsUnavailable' });
    });
  }
});

test('a secret that was refused is read again', async () => {
  const held = { c: { origin, token: 'old' } };
  const secrets = secretsOf({ auth: { type: 'bearer', secret: 'c' } }, held);
  const refused = await secrets.authorization();
  held.c.token = 'new';

  assert.equal(await secrets.renew(String(refused)), true);

  assert.equal(await secrets.authorization(), 'Bearer new');
});
