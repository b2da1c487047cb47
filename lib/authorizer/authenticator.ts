import type { Identity } from './identity.ts';

/** What a request offers to authenticate its caller. */
export interface Credentials {
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
  /** The header `x-api-key`. */
  readonly apiKey: string | undefined;
  /** The client certificate of the TLS connection, which API Gateway has verified against the truststore. */
  readonly certificate: { readonly subject: string; readonly notAfter: string } | null;
  /** The client's IP address, empty when unknown. */
  readonly address: string;
}

/** Who the caller is, or why it was refused; the reason is for the log, never for the caller. */
export type Judgement = Identity | { readonly refused: string };

/**
 * Authenticates a caller.
 *
 * @returns null when the request has no credentials of this kind
 * @throws when the credentials cannot be checked, for example when keys or users are not available
 */
export type Authenticator = (credentials: Credentials) => Promise<Judgement> | null;

/** The part after a scheme such as `Bearer` in the header `Authorization`; null for any other scheme. */
export function ofScheme(scheme: string, authorization = ''): string | null {
  const space = authorization.indexOf(' ');
  return space > 0 && authorization.slice(0, space).toLowerCase() === scheme ? authorization.slice(space + 1).trim() : null;
}
