/** What the page must know before it can ask anything. There is no secret in it. */
export interface PageSettings {
  /** What paths of the API begin with: the stage, or nothing. */
  base: string;
  /** GATEWAY_AUTH; empty where it is not set. */
  auth: readonly string[];
  mode: 'read' | 'write';
  hasSubscriptions: boolean;
  /** What paths of streams begin with, where these have an address of their own. */
  streams: string | null;
  /** Null where nobody signs in at an issuer. */
  oidc: OidcSettings | null;
}

/** The page as a client of an issuer of tokens: a public one, which has no secret. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  scope: string;
  /** For issuers that want to be told for whom their token is. */
  audience: string | null;
}
