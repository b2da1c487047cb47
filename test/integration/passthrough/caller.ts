import type { Answer } from '../gateway.ts';

/** The header of a caller with a user name and a password. */
export const basic = (username: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

/** The header of a caller with a token. */
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Checks a 401: its code and message, and the challenge. */
export const unauthorized = (message: RegExp) => ({ status: 401, code: 40101, message });

/** The challenge of a response. */
export const challengeOf = ({ headers }: Answer): string | undefined => headers['www-authenticate'];
