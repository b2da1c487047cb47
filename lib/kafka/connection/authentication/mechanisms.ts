import type { Sasl } from 'kafkajs/src/network/connection.js';
import type { UserCredentials } from './credentials.ts';
import { plain } from './plain.ts';
import { scram } from './scram.ts';

/** SASL mechanisms for a user name and a password, by their names in Kafka. */
export const mechanisms = {
  PLAIN: plain,
  'SCRAM-SHA-256': scram('sha-256'),
  'SCRAM-SHA-512': scram('sha-512'),
} as const satisfies Record<string, (credentials: UserCredentials) => Sasl>;

export type PasswordMechanism = keyof typeof mechanisms;
export const isPasswordMechanism = (name: string): name is PasswordMechanism => Object.hasOwn(mechanisms, name);
