import type { Credentials } from '../../../lib/authorizer/authenticator.ts';

/** Credentials as a request brings them: none but those given. */
export const presented = (some: Partial<Credentials>): Credentials => ({
  authorization: undefined,
  apiKey: undefined,
  certificate: null,
  address: '192.0.2.1',
  ...some,
});

/** The header `Authorization` of a user. */
export const basicHeader = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
