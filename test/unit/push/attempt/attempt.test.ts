import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { attempt } from '../../../../lib/push/attempt/attempt.ts';
import { signerOf } from '../../../../lib/push/attempt/signature.ts';
import { subscriptionOf } from '../../../harness/push/subscription-of.ts';

const signer = signerOf(`whsec_${randomBytes(32).toString('base64')}`);
const place = { topic: 'orders', partition: 0, offset: 1 };
const placed = { ...place, record: { offset: 1, timestamp: 0, key: null, value: null, headers: null } };

test('an attempt takes no more than 15 s, with two tokens and two requests', async () => {
  let now = 0;
  const given: number[] = [];
  /** Takes as long as it may, but at most so long. */
  const take = (mostMs: number, timeoutMs: number): void => {
    given.push(timeoutMs);
    now += Math.min(mostMs, timeoutMs);
  };

  const { verdict } = await attempt(
    subscriptionOf({}),
    [placed],
    {},
    {
      now: () => now,
      secrets: { signers: async () => [signer], authorization: async () => null, tokenClient: async () => null, renew: async () => false },
      authorization: {
        async headers(timeoutMs) {
          take(6000, timeoutMs);
          return { authorization: 'Bearer token' };
        },
        refused: async () => true,
      },
      async post(_url, _headers, _body, timeoutMs) {
        take(5000, timeoutMs);
        if (given.length < 4) return { status: 401, headers: {}, text: '' };
        throw new Error('no answer');
      },
    },
  );

  assert.deepEqual(given, [15_000, 9000, 4000, 1]);
  assert.deepEqual([verdict.kind, now], ['again', 15_001]);
});
