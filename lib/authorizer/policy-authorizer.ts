import type { Authorizer, AuthorizerResult } from './authorizer.ts';

/** The authorizer's answer to WebSocket APIs and REST APIs, which do not support simple responses. */
export interface PolicyResult {
  principalId: string;
  policyDocument: { Version: '2012-10-17'; Statement: { Action: string; Effect: 'Allow' | 'Deny'; Resource: string }[] };
  /** API Gateway passes it on as `requestContext.authorizer`, with the request or with each message of the connection. */
  context?: Record<string, string>;
}

/**
 * Adapts the HTTP API's authorizer to handshakes of the WebSocket API (REQUEST, on `$connect`) and to the streaming REST API: a caller
 * admitted to one is admitted to all.
 */
export const withPolicies =
  (authorize: Authorizer): ((event: unknown) => Promise<AuthorizerResult | PolicyResult>) =>
  async (event) => {
    const result = await authorize(event);
    const methodArn = typeof event === 'object' && event !== null && 'methodArn' in event ? event.methodArn : undefined;
    return typeof methodArn === 'string' ? policyOf(result, methodArn) : result;
  };

function policyOf(result: AuthorizerResult, methodArn: string): PolicyResult {
  const { principalId, ...context } = result.isAuthorized ? result.context : { principalId: 'nobody' };
  const Effect = result.isAuthorized ? 'Allow' : 'Deny';
  return {
    principalId,
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: resourceOf(methodArn) }] },
    ...(result.isAuthorized && { context }),
  };
}

/** A REST API caches a policy and applies it to the caller's next request, whatever its path: the policy must cover the whole stage. */
const resourceOf = (methodArn: string): string => methodArn.replace(/^([^/]*\/[^/]*)\/[A-Z]+\/.*$/, '$1/*');
