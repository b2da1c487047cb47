import { type AuthMode, needAuthorizer } from '../access/modes.ts';
import type { AccessConfig } from './access.ts';
import { readGrants, readModes, readRowFilters } from './access.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import { section } from './section.ts';
import { isTrusted } from './trusted-url.ts';

/** The configuration of the authorizer; no other function has it. */
export interface AuthorizerConfig extends Pick<AccessConfig, 'modes' | 'grants' | 'rowFilters'> {
  /** Null unless tokens are accepted. */
  jwt: TokenConfig | null;
  /** Where users and API keys are; null without a mode that needs them. */
  users: { secretId: string } | { local: string } | null;
}

export interface TokenConfig {
  /** An issuer and the URL of its keys; if the URL is null, its OpenID configuration names it. */
  issuers: { issuer: string; jwksUrl: string | null }[];
  audiences: string[];
  algorithms: string[];
  principalClaim: string;
  groupsClaim: string;
}

/** Only signatures by key pairs. Shared secrets and unsigned tokens are never accepted. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/**
 * Reads and checks the authorizer's variables.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is missing or wrong
 */
export const readAuthorizerConfig = section((reader): AuthorizerConfig => {
  const modes = readModes(reader);
  if (!needAuthorizer(modes)) reader.problem('GATEWAY_AUTH has no mode that needs the authorizer', null);
  return {
    modes,
    grants: readGrants(reader),
    rowFilters: readRowFilters(reader),
    jwt: modes.includes('jwt') ? readTokens(reader) : null,
    users: readUsersSource(reader, modes),
  };
});

function readTokens(reader: EnvironmentReader): TokenConfig {
  const issuers = reader.list('GATEWAY_JWT_ISSUER');
  const urls = reader.list('GATEWAY_JWT_JWKS_URL');
  if (issuers.length === 0) reader.problem('set GATEWAY_JWT_ISSUER to the issuer of the tokens', null);
  if (![...issuers, ...urls].every(isTrusted)) reader.problem('GATEWAY_JWT_ISSUER and GATEWAY_JWT_JWKS_URL must be https URLs', null);
  if (urls.length > 0 && urls.length !== issuers.length)
    reader.problem('GATEWAY_JWT_JWKS_URL must be one for each issuer, or not set', null);
  const audiences = reader.list('GATEWAY_JWT_AUDIENCE');
  if (audiences.length === 0) reader.problem('set GATEWAY_JWT_AUDIENCE: without it, tokens for anything else would be taken, too', null);
  const algorithms = reader.list('GATEWAY_JWT_ALGORITHMS');
  if (!algorithms.every((algorithm) => ALGORITHMS.includes(algorithm))) {
    reader.problem(`GATEWAY_JWT_ALGORITHMS must be some of ${ALGORITHMS.join(', ')}`, null);
  }
  return {
    issuers: issuers.map((issuer, index) => ({ issuer, jwksUrl: urls[index] ?? null })),
    audiences,
    algorithms: algorithms.length === 0 ? ALGORITHMS : algorithms,
    principalClaim: reader.text('GATEWAY_JWT_PRINCIPAL_CLAIM') ?? 'sub',
    groupsClaim: reader.text('GATEWAY_JWT_GROUPS_CLAIM') ?? 'groups',
  };
}

function readUsersSource(reader: EnvironmentReader, modes: readonly AuthMode[]): AuthorizerConfig['users'] {
  if (!modes.includes('basic') && !modes.includes('api-key')) return null;
  const secretId = reader.text('GATEWAY_USERS_SECRET_ID');
  const local = reader.text('GATEWAY_USERS');
  if (secretId !== null) return { secretId };
  if (local !== null) return { local };
  return reader.problem(
    'set GATEWAY_USERS_SECRET_ID to the secret that `npm run users` writes, or locally GATEWAY_USERS to its file',
    null,
  );
}
