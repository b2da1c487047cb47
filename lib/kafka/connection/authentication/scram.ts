import type { Sasl } from 'kafkajs/src/network/connection.js';
import type { UserCredentials } from './credentials.ts';

/** SCRAM (RFC 5802): both sides prove that they know the password without sending it. Amazon MSK supports SHA-512. */
export const scram =
  (hash: 'sha-256' | 'sha-512') =>
  ({ username, password }: UserCredentials): Sasl => ({ mechanism: `scram-${hash}` as const, username, password });
