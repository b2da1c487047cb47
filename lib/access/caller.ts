import { isObject, type JsonMembers } from '../json/json-members.ts';
import { type Grant, parseGrants } from './grants.ts';

/** Who is calling, as the authorizer of API Gateway says. */
export interface Caller {
  /** An IAM ARN, the subject of a token or of a certificate, the name of a user or of an API key; null when nobody is known. */
  readonly principal: string | null;
  /** The grants of this caller, where the authorizer has said which they are; else null. */
  readonly grants: readonly Grant[] | null;
  /** When the caller's credentials end, in Unix milliseconds: API Gateway may repeat what the authorizer said before that. */
  readonly expiresAt: number | null;
}

/** What the Lambda authorizer says of a caller to the functions behind it: texts, as API Gateway hands them on. */
export interface CallerContext extends Record<string, string> {
  principalId: string;
}

/** The context that {@link readCaller} reads. Whom the grants are for stays behind: they are this caller's. */
export const writeCaller = ({ principal, grants, expiresAt }: Caller): CallerContext => ({
  principalId: principal ?? '',
  ...(grants !== null && { grants: JSON.stringify(grants.map(withoutSelector)) }),
  ...(expiresAt !== null && { expiresAt: String(expiresAt) }),
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
      grants: lambda.grants === undefined ? null : readGrants(lambda.grants),
      expiresAt: lambda.expiresAt === undefined ? null : Number(textOf(lambda.expiresAt)) || 0,
    };
  }
  const claims = isObject(jwt) && isObject(jwt.claims) ? jwt.claims : {};
  return { principal: (isObject(iam) ? textOf(iam.userArn) : null) ?? textOf(claims.sub), grants: null, expiresAt: null };
}

function readGrants(text: unknown): readonly Grant[] {
  try {
    return parseGrants(String(text));
  } catch {
    return [];
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
