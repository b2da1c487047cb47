/** An OAuth 2.0 client, as which the gateway gets its tokens. */
export interface OAuthClient {
  clientId: string;
  clientSecret: string;
}

/** Where to ask for tokens, and for which ones. */
export interface TokenEndpoint {
  url: string;
  scope: string | null;
  audience: string | null;
}
