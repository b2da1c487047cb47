import type { Sasl } from 'kafkajs/src/network/connection.js';
import type { UserCredentials } from './credentials.ts';

/** PLAIN (RFC 4616): the password goes over the wire, so it belongs on TLS. */
export const plain = ({ username, password }: UserCredentials): Sasl => ({ mechanism: 'plain', username, password });
