import type { CredentialSource } from '../../../credentials/credential-source.ts';
import { Renewed } from '../../../credentials/renewed.ts';
import { fetchToken } from './fetch-token.ts';
import type { BearerToken } from './oauthbearer.ts';
import type { OAuthClient, TokenEndpoint } from './token-endpoint.ts';

/** Tokens by the client credentials grant (RFC 6749, section 4.4), cached and renewed early. */
export const tokensFrom = (endpoint: TokenEndpoint, clients: CredentialSource<OAuthClient>): CredentialSource<BearerToken> =>
  new Renewed(`the token endpoint of ${new URL(endpoint.url).host}`, () => fetchToken(endpoint, clients));
