import type { JsonMembers } from '../json/json-members.ts';

/**
 * The caller of a WebSocket or REST API event, in the shape of an HTTP API's `requestContext.authorizer`. In these older events, a Lambda
 * authorizer's values stand there directly, and AWS credentials in `requestContext.identity`.
 */
export function authorizerOf(lambda: JsonMembers, identity: JsonMembers): JsonMembers {
  if (typeof lambda.principalId === 'string' && lambda.principalId !== '') return { lambda };
  return typeof identity.userArn === 'string' && identity.userArn !== '' ? { iam: { userArn: identity.userArn } } : {};
}
