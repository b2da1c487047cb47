import type { Sasl } from 'kafkajs/src/network/connection.js';
import type { UserCredentials } from './credentials.ts';

/** PLAIN (RFC 4616): sends the password itself, so use it over TLS. */
export const plain = ({ username, password }: UserCredentials): Sasl => ({ mechanism: 'plain', username, password });
