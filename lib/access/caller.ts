import { isObject, type JsonMembers, membersOf } from '../json/json-members.ts';
import { type Grant, parseGrants } from './grants.ts';
import { modeNamed, type NamingMode } from './modes.ts';

/** A name, and who vouches for it: the same text may name a user, the subject of a token and an API key, who are three callers. */
export interface Named {
  /** An IAM ARN, the subject of a token or of a certificate, the name of a user or of an API key; null when nobody is known. */
  readonly principal: string | null;
  /** The mode by which the caller is known; absent where nothing says so. */
  readonly mode?: NamingMode | undefined;
}

/**
 * The text or texts that tell callers apart where something is kept for each of them. Callers by AWS credentials have their ARN alone:
 * no other mode stands beside theirs.
 */
export const callerKey = ({ principal, mode }: Named): string | null | readonly [NamingMode, string] =>
  principal === null || mode === undefined || mode === 'iam' ? principal : [mode, principal];

/**
 * The same where something outlasts a session of the caller: of an assumed role the role alone, as whoever comes back from another
 * machine, or after a restart, has another session.
 */
export function ownerKey(named: Named): ReturnType<typeof callerKey> {
  const owner = callerKey(named);
  return typeof owner === 'string' ? owner.replace(/^(arn:[^:]+:sts::\d+:assumed-role\/[^/]+)\/.*$/, '$1') : owner;
}

/** A caller, as the authorizer of API Gateway describes it. */
export interface Caller extends Named {
  /** The grants of this caller, where the authorizer has said which they are; else null. */
  readonly grants: readonly Grant[] | null;
  /** When the caller's credentials end, in Unix milliseconds: API Gateway may repeat what the authorizer said before that. */
  readonly expiresAt: number | null;
  /** The texts of the claims that row filters ask for, as far as the caller has them; absent where nobody has said any. */
  readonly claims?: Readonly<Record<string, readonly string[]>>;
}

/** A caller as the Lambda authorizer hands it to the functions behind it: texts, as API Gateway passes on nothing else. */
export interface CallerContext extends Record<string, string> {
  principalId: string;
}

/** The context that {@link readCaller} reads. Whom the grants are for stays behind: they are this caller's. */
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
 * Reads the caller of `requestContext.authorizer`. Never throws; grants that cannot be read grant nothing. Where a Lambda authorizer
 * has spoken, nothing else counts.
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

/** What cannot be read is no claim. */
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
