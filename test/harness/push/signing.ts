import { randomBytes } from 'node:crypto';
import { keepSecret } from '../leaks/kept.ts';

/** The default prefix of secrets that subscriptions may use. */
export const PREFIX = 'kafka-gateway/push/';

/** A signing key, which must not appear in any output of the gateway. */
export function newSigningKey(): string {
  const key = `whsec_${randomBytes(32).toString('base64')}`;
  keepSecret([key]);
  return key;
}
