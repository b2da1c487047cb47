import { isObject, type JsonMembers, membersOf } from '../json/json-members.ts';
import { type Grant, parseGrants } from './grants.ts';
import { modeNamed, type NamingMode } from './modes.ts';

/** A name and the mode that it comes from: a user, a token's subject and an API key may have the same name, and are three callers. */
export interface Named {
  /** An IAM ARN, the subject of a token or a certificate, the name of a user or an API key; null for an anonymous caller. */
  readonly principal: string | null;
  /** The authentication mode that gave the name; absent when unknown. */
  readonly mode?: NamingMode | undefined;
}

/** The key under which the gateway keeps data of a caller. With IAM it is the ARN alone, because IAM excludes all other modes. */
export const callerKey = ({ principal, mode }: Named): string | null | readonly [NamingMode, string] =>
  principal === null || mode === undefined || mode === 'iam' ? principal : [mode, principal];

/**
 * The key for data that outlasts a session. For an assumed role it is the role alone: the same caller has another session after a restart
 * or on another machine.
 */
export function ownerKey(named: Named): ReturnType<typeof callerKey> {
  const owner = callerKey(named);
  return typeof owner === 'string' ? owner.replace(/^(arn:[^:]+:sts::\d+:assumed-role\/[^/]+)\/.*$/, '$1') : owner;
}

/** A caller, as API Gateway's authorizer describes it. */
export interface Caller extends Named {
  /** The caller's grants if the authorizer has chosen them, else null. */
  readonly grants: readonly Grant[] | null;
  /** When the caller's credentials expire, in Unix milliseconds: API Gateway may cache the authorizer's answer beyond that. */
  readonly expiresAt: number | null;
  /** The values of the claims that row filters use, as far as the caller has them; absent if the authorizer named none. */
  readonly claims?: Readonly<Record<string, readonly string[]>>;
}

/** A caller as the Lambda authorizer passes it to the functions: strings, because API Gateway passes nothing else. */
export interface CallerContext extends Record<string, string> {
  principalId: string;
}

/** The context that {@link readCaller} reads. The grants leave out whom they are for: it is this caller. */
export const writeCaller = ({ principal, mode, grants, expiresAt, claims }: Caller): CallerContext => ({
  principalId: principal ?? '',
  ...(mode !== undefined && { mode }),
  ...(grants !== null && { grants: JSON.stringify(grants.map(withoutSelector)) }),
  ...(expiresAt !== null && { expiresAt: String(expiresAt) }),
  ...(claims !== undefined && { claims: JSON.stringify(claims) }),
});

const withoutSelector = ({ operations, topics = [], consumer_groups = [] }: Grant): Grant => ({
  principal: '*',
  operations,
  topics,
  consumer_groups,
});

/**
 * Reads the caller from `requestContext.authorizer`. Never throws; malformed grants grant nothing. The context of a Lambda authorizer
 * takes precedence over all else.
 */
export function readCaller(authorizer: JsonMembers): Caller {
  const { lambda, iam, jwt } = authorizer;
  if (isObject(lambda)) {
    return {
      principal: textOf(lambda.principalId),
      ...modeNamed(lambda.mode),
      grants: lambda.grants === undefined ? null : readGrants(lambda.grants),
      expiresAt: lambda.expiresAt === undefined ? null : Number(textOf(lambda.expiresAt)) || 0,
      ...(lambda.claims !== undefined && { claims: readClaims(lambda.claims) }),
    };
  }
  const claims = isObject(jwt) && isObject(jwt.claims) ? jwt.claims : {};
  const arn = isObject(iam) ? textOf(iam.userArn) : null;
  const subject = textOf(claims.sub);
  return { principal: arn ?? subject, ...modeNamed(arn === null ? subject && 'jwt' : 'iam'), grants: null, expiresAt: null };
}

function readGrants(text: unknown): readonly Grant[] {
  try {
    return parseGrants(String(text));
  } catch {
    return [];
  }
}

/** Malformed claims count as absent. */
function readClaims(text: unknown): Record<string, string[]> {
  const claims = membersOf(parsed(text));
  const textsOf = (values: unknown) => (Array.isArray(values) ? values.filter((value: unknown) => typeof value === 'string') : []);
  return Object.fromEntries(Object.entries(claims).map(([name, values]) => [name, textsOf(values)]));
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
