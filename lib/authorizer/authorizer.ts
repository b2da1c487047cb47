import { readFile } from 'node:fs/promises';
import { ambiguity, ambiguousGrants } from '../access/ambiguous-grants.ts';
import { type CallerContext, writeCaller } from '../access/caller.ts';
import type { NamingMode } from '../access/modes.ts';
import { type FetchSecret, Secret, secretsManager } from '../aws/secrets.ts';
import { type AuthorizerConfig, readAuthorizerConfig, type TokenConfig } from '../config/authorizer.ts';
import { freshConfiguration } from '../config/fresh-configuration.ts';
import { ofProcess } from '../config/section.ts';
import { GatewayError } from '../errors.ts';
import { type ReceivedEvent, receive } from '../events/http-api.ts';
import { log } from '../telemetry/log.ts';
import { apiKey } from './api-key.ts';
import type { Authenticator, Credentials, Judgement } from './authenticator.ts';
import { basic } from './basic.ts';
import { bearer } from './bearer.ts';
import { clientCertificate } from './client-certificate.ts';
import { claimsFor, grantsOf } from './grants-of.ts';
import { keySetOf } from './key-sets.ts';
import { readUsers, type Users } from './users.ts';

/** The authorizer's answer to an HTTP API (a "simple response"). */
export type AuthorizerResult = { isAuthorized: true; context: CallerContext } | { isAuthorized: false };

/** The Lambda authorizer of an HTTP API (REQUEST, payload format 2.0). */
export type Authorizer = (event: unknown) => Promise<AuthorizerResult>;

/** Changes of users and keys apply after this time. */
const USERS_LIFETIME_MS = 60_000;

/**
 * Makes the authorizer, which reads its configuration at the first request. It judges a request by the first credentials that are
 * present, valid or not: those in `Authorization`, then an API key, then a client certificate.
 *
 * It rejects when it cannot judge a caller; the HTTP API then answers 500.
 */
export function authorizer(environment?: NodeJS.ProcessEnv, secretsOf: () => FetchSecret = () => secretsManager(null)): Authorizer {
  const judgeNow = ofProcess(() => judgeBy(readAuthorizerConfig(environment), secretsOf));
  return async (event) => {
    try {
      await freshConfiguration();
      return await judgeNow()(event);
    } catch (error) {
      const { requestId } = receive(event, {});
      // No fault of the gateway's, and no alarm.
      if (error instanceof GatewayError && error.name === 'LimitExceeded')
        log.info('authorizer', 'authorizer', { requestId, refused: error.what });
      else log.error('authorizer_failed', 'The authorizer cannot decide about the caller', { requestId, error });
      throw error;
    }
  };
}

function judgeBy(config: AuthorizerConfig, secretsOf: () => FetchSecret): Authorizer {
  const authenticators = authenticatorsOf(config, secretsOf);
  const unclear = config.grants === null ? [] : ambiguousGrants(config.grants, config.modes);
  if (unclear.length > 0) log.warn('grants_ambiguous', ambiguity(unclear));
  return async (event) => {
    const startedAt = performance.now();
    const { requestId, headers } = receive(event, {});
    const credentials = credentialsOf(event, headers);
    const [verdict, mode] = (await firstVerdict(authenticators, credentials)) ?? [{ refused: 'no credentials' }, null];
    const refused = 'refused' in verdict ? verdict.refused : undefined;
    const principal = 'refused' in verdict ? null : verdict.principal;
    const ms = Math.round((performance.now() - startedAt) * 100) / 100;
    log.info('authorizer', 'authorizer', { requestId, mode, principal, refused, address: credentials.address, ms });
    if ('refused' in verdict || mode === null) return { isAuthorized: false };
    const grants = config.grants === null ? null : grantsOf(config.grants, { ...verdict, mode });
    const { principal: name, expiresAt } = verdict;
    const claims = claimsFor(config.rowFilters, verdict.claims);
    return { isAuthorized: true, context: writeCaller({ principal: name, mode, grants, expiresAt, ...(claims !== null && { claims }) }) };
  };
}

type ByMode = readonly [mode: NamingMode, authenticate: Authenticator];

/** In the order in which they are tried. */
function authenticatorsOf({ modes, jwt, users }: AuthorizerConfig, secretsOf: () => FetchSecret): ByMode[] {
  const current = users === null ? noUsers : usersFrom(users, secretsOf);
  const all: ByMode[] = [
    ['jwt', jwt === null ? () => null : bearer(tokenRules(jwt))],
    ['basic', basic(current)],
    ['api-key', apiKey(current)],
    ['mtls', clientCertificate],
  ];
  return all.filter(([mode]) => modes.some((one) => one === mode));
}

async function firstVerdict(authenticators: readonly ByMode[], credentials: Credentials): Promise<[Judgement, NamingMode] | null> {
  for (const [mode, authenticate] of authenticators) {
    const verdict = authenticate(credentials);
    if (verdict !== null) return [await verdict, mode];
  }
  return null;
}

const tokenRules = ({ issuers, ...rules }: TokenConfig) => ({
  ...rules,
  issuers: new Map(issuers.map(({ issuer, jwksUrl }) => [issuer, keySetOf(issuer, jwksUrl)])),
});

const noUsers = (): Promise<Users> => Promise.reject(new Error('there are no users'));

function usersFrom(source: NonNullable<AuthorizerConfig['users']>, secretsOf: () => FetchSecret): () => Promise<Users> {
  const secret =
    'secretId' in source
      ? new Secret(source.secretId, secretsOf(), readUsers, USERS_LIFETIME_MS)
      : new Secret('GATEWAY_USERS', () => readLocalUsers(source.local), readUsers, USERS_LIFETIME_MS, nameOf(source.local));
  return () => secret.current();
}

/** What the log calls GATEWAY_USERS. */
const nameOf = (local: string): string => (IS_CONTENT.test(local) ? 'the variable GATEWAY_USERS' : 'the file of GATEWAY_USERS');

/**
 * The text of GATEWAY_USERS: JSON, or that of the JSON file whose path it is.
 *
 * @throws {Error} of `readFile`
 */
export const readLocalUsers = async (local: string): Promise<string> => (IS_CONTENT.test(local) ? local : readFile(local, 'utf8'));

/** Not only at its beginning: quotes may be around it, and the error of opening such a file would tell the hashes. */
const IS_CONTENT = /[{"]/;

/**
 * The credentials in an event of an HTTP API or of an older format. serverless-offline omits most of it, and keeps the case of header
 * names.
 */
function credentialsOf(event: unknown, headers: ReceivedEvent['headers']): Credentials {
  const certificate = at(event, 'requestContext', 'authentication', 'clientCert') ?? at(event, 'requestContext', 'identity', 'clientCert');
  const subject = at(certificate, 'subjectDN');
  return {
    authorization: headers.authorization,
    apiKey: headers['x-api-key'],
    certificate: typeof subject === 'string' ? { subject, notAfter: String(at(certificate, 'validity', 'notAfter')) } : null,
    address: String(at(event, 'requestContext', 'http', 'sourceIp') ?? at(event, 'requestContext', 'identity', 'sourceIp') ?? ''),
  };
}

function at(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const name of path) found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  return found;
}
