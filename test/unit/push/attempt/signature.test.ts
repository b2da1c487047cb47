import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { suite, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { signerOf, webhookHeaders } from '../../../../lib/push/attempt/signature.ts';

const key = `whsec_${randomBytes(32).toString('base64')}`;
const body = Buffer.from('{"a":"ü"}');

suite('a signature', () => {
  test('is one that the library of Standard Webhooks verifies', () => {
    const headers = webhookHeaders('id', Date.now(), body, [signerOf(key)]);

    assert.deepEqual(new Webhook(key).verify(body, headers), { a: 'ü' });
    assert.throws(() => new Webhook(key).verify(`${body} `, headers));
  });

  test('is verified by either of two keys while they are rotated', () => {
    const other = `whsec_${randomBytes(24).toString('base64')}`;
    const headers = webhookHeaders('id', Date.now(), body, [signerOf(other), signerOf(key)]);

    for (const one of [key, other]) assert.ok(new Webhook(one).verify(body, headers));
  });

  test('by ed25519 is verified by the public key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const seed = Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url');
    const { 'webhook-signature': signature } = webhookHeaders('id', 1_800_000_000_000, body, [signerOf(`whsk_${seed.toString('base64')}`)]);

    const [, base64 = ''] = signature.split('v1a,');
    assert.ok(verify(null, Buffer.concat([Buffer.from('id.1800000000.'), body]), publicKey, Buffer.from(base64, 'base64')));
  });
});

suite('a key that is refused, and not shown:', () => {
  for (const wrong of ['secret', 'whsec_c2hvcnQ=', 'whsec_***', `whsec_${randomBytes(65).toString('base64')}`, 'whsk_c2hvcnQ=']) {
    test(wrong.slice(0, 12), () => {
      assert.throws(
        () => signerOf(wrong),
        (error) => error instanceof Error && !error.message.includes(wrong.slice(6) || wrong),
      );
    });
  }
});
