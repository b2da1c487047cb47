import { randomBytes } from 'node:crypto';
import { keepSecret } from '../leaks/kept.ts';

/** The beginning of names of secrets that a gateway without other configuration lets subscriptions use. */
export const PREFIX = 'kafka-gateway/push/';

/** A signing key, which nothing that the gateway writes may have in it. */
export function newSigningKey(): string {
  const key = `whsec_${randomBytes(32).toString('base64')}`;
  keepSecret([key]);
  return key;
}
