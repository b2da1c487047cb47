import type { JsonMembers } from '../json/json-members.ts';

/**
 * Who is calling, as an HTTP API's `requestContext.authorizer` says it, of an event of an older kind: WebSocket APIs and REST APIs have
 * what a Lambda authorizer says by itself, and AWS credentials in `requestContext.identity`.
 */
export function authorizerOf(lambda: JsonMembers, identity: JsonMembers): JsonMembers {
  if (typeof lambda.principalId === 'string' && lambda.principalId !== '') return { lambda };
  return typeof identity.userArn === 'string' && identity.userArn !== '' ? { iam: { userArn: identity.userArn } } : {};
}
