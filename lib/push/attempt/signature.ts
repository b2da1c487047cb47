import { createHmac, createPrivateKey, createSecretKey, type KeyObject, sign as signWith } from 'node:crypto';

/** Signs a message. */
export type Signer = (content: Buffer) => string;

const HMAC = 'whsec_';
const ED25519 = 'whsk_';
/** The bytes before the 32 bytes of a private key in PKCS #8 (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED = 32;

/**
 * Reads a signing key of Standard Webhooks 1.0.0: `whsec_` and base64 of 24 to 64 bytes for HMAC-SHA256 (`v1`), or `whsk_` and base64 of
 * an ed25519 private key of 32 bytes, or of 64 bytes that end with the public key (`v1a`).
 *
 * @throws {Error} that says what the key must be and never shows the key
 */
export function signerOf(key: string): Signer {
  if (key.startsWith(HMAC)) {
    const secret = createSecretKey(bytesOf(key.slice(HMAC.length), [24, 64]));
    return (content) => `v1,${createHmac('sha256', secret).update(content).digest('base64')}`;
  }
  if (key.startsWith(ED25519)) {
    const privateKey = privateKeyOf(bytesOf(key.slice(ED25519.length), [SEED, 2 * SEED]));
    return (content) => `v1a,${signWith(null, content, privateKey).toString('base64')}`;
  }
  throw new Error('a signing key must begin with whsec_ or whsk_');
}

function bytesOf(base64: string, [least, most]: readonly [number, number]): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '');
  if (isWhole && bytes.length >= least && bytes.length <= most) return bytes;
  throw new Error(`a signing key must be base64 of ${least} to ${most} bytes behind its prefix`);
}

const privateKeyOf = (bytes: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, bytes.subarray(0, SEED)]), format: 'der', type: 'pkcs8' });

/**
 * The headers of a message by Standard Webhooks.
 *
 * @param id the same for all attempts of a delivery
 * @param at the time of this attempt, in Unix milliseconds
 * @param signers several while keys are rotated
 */
export function webhookHeaders(id: string, at: number, body: Buffer, signers: readonly Signer[]): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signers.map((sign) => sign(content)).join(' '),
  };
}
