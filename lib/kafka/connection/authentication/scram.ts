import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Sasl, SaslExchange } from 'kafkajs/src/network/connection.js';
import { BrokerDistrusted, SaslRefusal } from '../../sasl-refusal.ts';
import type { UserCredentials } from './credentials.ts';
import { exchange } from './exchange.ts';

/** Below this, RFC 7677 forbids to go; above it, Kafka's own tools do not go beyond 16384. */
const LEAST_ITERATIONS = 4096;
/** Each takes about a microsecond, in a thread that nothing can interrupt, and of which a process has four. */
const MOST_ITERATIONS = 1_000_000;
/** The server's first message: nonce, salt, iterations. One with an extension that we must understand begins otherwise. */
const CHALLENGE = /^r=([\x21-\x2b\x2d-\x7e]+),s=([\w+/]+={0,2}),i=(\d+)(?:,|$)/;

const derive = promisify(pbkdf2);

/**
 * SCRAM (RFC 5802): both sides prove that they know the password without sending it. Amazon MSK supports SHA-512. Like Kafka, it takes the
 * password as it is, without SASLprep. kafkajs's own derives the key twice, with as many iterations as the broker wants.
 */
export const scram =
  (hash: 'sha-256' | 'sha-512') =>
  (user: UserCredentials): Sasl => ({
    mechanism: `scram-${hash}`,
    authenticationProvider: ({ saslAuthenticate }) => ({ authenticate: () => prove(hash.replace('-', ''), user, saslAuthenticate) }),
  });

/** @throws {SaslRefusal | BrokerDistrusted} */
async function prove(hash: string, { username, password }: UserCredentials, saslAuthenticate: SaslExchange): Promise<void> {
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  const nonce = randomBytes(18).toString('base64');
  const first = `n=${username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  const challenge = (await exchange(saslAuthenticate, `n,,${first}`)).toString();

  const [, both, salt, digits] = CHALLENGE.exec(challenge) ?? [];
  if (both === undefined || !both.startsWith(nonce) || both === nonce) throw new BrokerDistrusted('the broker sent no challenge of SCRAM');
  const iterations = Number(digits);
  if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
    throw new BrokerDistrusted(`the broker wants ${digits.slice(0, 20)} iterations, not ${LEAST_ITERATIONS} to ${MOST_ITERATIONS}`);
  }
  const salted = await derive(password, Buffer.from(salt, 'base64'), iterations, hash === 'sha256' ? 32 : 64, hash);
  const last = `c=biws,r=${both}`;
  const text = `${first},${challenge},${last}`;
  const key = hmac(salted, 'Client Key');
  const signature = hmac(createHash(hash).update(key).digest(), text);
  const proof = Buffer.from(key.map((byte, i) => byte ^ signature[i])).toString('base64');

  const verdict = (await exchange(saslAuthenticate, `${last},p=${proof}`)).toString();
  if (verdict.startsWith('e=')) throw new SaslRefusal(`broker refuses the user: ${verdict.slice(2, 500)}`);
  if (verdict.split(',')[0] !== `v=${hmac(hmac(salted, 'Server Key'), text).toString('base64')}`)
    throw new BrokerDistrusted('the broker does not prove that it knows the password');
}
