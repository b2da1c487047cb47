/** What the page must know before its first request. It contains no secrets. */
export interface PageSettings {
  /** The prefix of API paths: the stage, or empty. */
  base: string;
  /** GATEWAY_AUTH; empty when it is not set. */
  auth: readonly string[];
  mode: 'read' | 'write';
  hasSubscriptions: boolean;
  /** The prefix of stream paths, if streams have an address of their own. */
  streams: string | null;
  /** Null when callers do not sign in at an issuer. */
  oidc: OidcSettings | null;
}

/** The page as a public client of a token issuer, without a secret. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  scope: string;
  /** For issuers that must be told the audience of their tokens. */
  audience: string | null;
}
