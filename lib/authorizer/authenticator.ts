import type { Identity } from './identity.ts';

/** What a request brings to show who is calling. */
export interface Credentials {
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
  /** The header `x-api-key`. */
  readonly apiKey: string | undefined;
  /** The certificate of the TLS connection, which API Gateway has checked against the truststore. */
  readonly certificate: { readonly subject: string; readonly notAfter: string } | null;
  /** The address that the request comes from, empty where that is not known. */
  readonly address: string;
}

/** Who a caller is, or why that is not believed: for the log, never for the caller. */
export type Judgement = Identity | { readonly refused: string };

/**
 * Says who a caller is.
 *
 * @returns null when the request brings no credentials of this kind
 * @throws when it cannot be known, such as when keys or users cannot be had
 */
export type Authenticator = (credentials: Credentials) => Promise<Judgement> | null;

/** What follows a scheme such as `Bearer` in the header `Authorization`; null where that names another one. */
export function ofScheme(scheme: string, authorization = ''): string | null {
  const space = authorization.indexOf(' ');
  return space > 0 && authorization.slice(0, space).toLowerCase() === scheme ? authorization.slice(space + 1).trim() : null;
}
