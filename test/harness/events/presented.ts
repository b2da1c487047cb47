import type { Credentials } from '../../../lib/authorizer/authenticator.ts';

/** A request's credentials: only those given. */
export const presented = (some: Partial<Credentials>): Credentials => ({
  authorization: undefined,
  apiKey: undefined,
  certificate: null,
  address: '192.0.2.1',
  ...some,
});

/** The `Authorization` header of a user. */
export const basicHeader = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
